package org.md4j.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names of types, each unique among the names and types of its kind. Immutable. */
final class TypeNames {
  private static final TypeNames NONE = new TypeNames(Map.of());

  private record Key(TypeKind kind, String name) {}

  private final Map<Key, Class<?>> types;

  private TypeNames(Map<Key, Class<?>> types) {
    this.types = types;
  }

  /** Returns no names. */
  static TypeNames none() {
    return NONE;
  }

  /** Returns these names and another one. */
  TypeNames with(TypeKind kind, String name, Class<?> type) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name (" + name + ") must not be empty");
    }
    types.forEach(
        (known, other) -> {
          if (known.kind() == kind && known.name().equals(name)) {
            throw new IllegalArgumentException(
                "name (%s) must be new among those of a %s: it is that of %s"
                    .formatted(name, kind.noun(), other.getName()));
          }
          if (known.kind() == kind && other.equals(type)) {
            throw new IllegalArgumentException(
                "type (%s) must be new: its name is %s".formatted(type.getName(), known.name()));
          }
        });
    Map<Key, Class<?>> all = new LinkedHashMap<>(types);
    all.put(new Key(kind, name), type);
    return new TypeNames(all);
  }

  /**
   * Returns the name of a type.
   *
   * @throws CheckpointException saying how to register it if it has none
   */
  String nameOf(TypeKind kind, Class<?> type) {
    for (Map.Entry<Key, Class<?>> known : types.entrySet()) {
      if (known.getKey().kind() == kind && known.getValue().equals(type)) {
        return known.getKey().name();
      }
    }
    throw new CheckpointException(
        "%s (%s) must be one of %s or be registered: %s, given to Training.types or Trainer.checkpointTo"
            .formatted(
                kind.noun(),
                type.getName(),
                names(kind),
                kind.registration("a name of yours", type.getSimpleName())));
  }

  /**
   * Returns the type of a name.
   *
   * @throws CheckpointException saying how to register it if there is none
   */
  Class<?> typeOf(TypeKind kind, String name) {
    Class<?> type = types.get(new Key(kind, name));
    if (type == null) {
      throw new CheckpointException(
          "%s type (%s) must be one of %s or be registered: %s, given to MaskedDiffusion.load or Checkpoint.read"
              .formatted(kind.noun(), name, names(kind), kind.registration(name, "ItsClass")));
    }
    return type;
  }

  private String names(TypeKind kind) {
    return String.join(
        ", ", types.keySet().stream().filter(key -> key.kind() == kind).map(Key::name).toList());
  }
}

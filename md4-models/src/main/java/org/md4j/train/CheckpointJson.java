package org.md4j.train;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Vocabulary;
import org.md4j.file.FailureText;
import org.md4j.file.JsonFailureText;
import org.md4j.schedule.LearnedPolynomialSchedule;

/** Writes the parts of a checkpoint as JSON and reads them: strictly, and by {@link TypeNames}. */
final class CheckpointJson {
  private CheckpointJson() {}

  /** Returns a mapper that writes and reads types by these names. */
  static JsonMapper mapper(TypeNames names) {
    return JsonMapper.builder()
        .annotationIntrospector(new Introspector(names, Set.of(TypeKind.values())))
        .addMixIn(LearnedPolynomialSchedule.class, LearnedPolynomialParts.class)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /** Lets another mapper write and read types of some kinds by these names. */
  static ObjectMapper nameTypes(ObjectMapper mapper, TypeNames names, Set<TypeKind> kinds) {
    AnnotationIntrospector ours = new Introspector(names, kinds);
    return mapper.setAnnotationIntrospectors(
        AnnotationIntrospector.pair(
            ours, mapper.getSerializationConfig().getAnnotationIntrospector()),
        AnnotationIntrospector.pair(
            ours, mapper.getDeserializationConfig().getAnnotationIntrospector()));
  }

  /**
   * Makes an exception that tells of a failure in one line, in our own words if the failure is
   * ours.
   */
  static CheckpointException failure(String what, IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CheckpointException known) {
        return new CheckpointException(String.valueOf(known.getMessage()), e);
      }
    }
    String reason =
        e instanceof JsonProcessingException json
            ? JsonFailureText.of(json)
            : FailureText.reason(e);
    return new CheckpointException(what + reason, e);
  }

  /** Finds, beside what annotations say, which types are written by name. */
  private static final class Introspector extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    private final transient TypeNames names;
    private final transient Set<TypeKind> kinds;

    Introspector(TypeNames names, Set<TypeKind> kinds) {
      this.names = names;
      this.kinds = kinds;
    }

    @Override
    public @Nullable TypeResolverBuilder<?> findTypeResolver(
        MapperConfig<?> config, AnnotatedClass annotated, JavaType baseType) {
      Optional<TypeKind> kind = TypeKind.of(baseType.getRawClass()).filter(kinds::contains);
      return kind.isEmpty()
          ? super.findTypeResolver(config, annotated, baseType)
          : new StdTypeResolverBuilder()
              .init(JsonTypeInfo.Id.CUSTOM, new NameResolver(names, kind.get()))
              .inclusion(JsonTypeInfo.As.PROPERTY)
              .typeProperty("type");
    }
  }

  /** The names of one kind, as Jackson asks for them. */
  private static final class NameResolver extends TypeIdResolverBase {
    private final TypeNames names;
    private final TypeKind kind;

    NameResolver(TypeNames names, TypeKind kind) {
      this.names = names;
      this.kind = kind;
    }

    @Override
    public String idFromValue(Object value) {
      return names.nameOf(kind, value.getClass());
    }

    @Override
    public String idFromValueAndType(Object value, Class<?> suggested) {
      return names.nameOf(kind, suggested);
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String name) {
      return context.constructType(names.typeOf(kind, name));
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }

  /** The parts that a learned polynomial schedule, which is no record, is made from. */
  @JsonAutoDetect(isGetterVisibility = JsonAutoDetect.Visibility.NONE)
  private abstract static class LearnedPolynomialParts {
    @JsonCreator
    static LearnedPolynomialSchedule of(
        @JsonProperty("vocabulary") Vocabulary vocabulary,
        @JsonProperty("epsilon") double epsilon,
        @JsonProperty("raw") double... raw) {
      return LearnedPolynomialSchedule.of(vocabulary, epsilon, raw);
    }

    @JsonProperty("vocabulary")
    abstract Vocabulary vocabulary();

    @JsonProperty("epsilon")
    abstract double epsilon();

    @JsonProperty("raw")
    abstract double[] parameters();
  }
}

package org.md4j.train;

import java.util.Arrays;
import java.util.Optional;
import org.md4j.model.NetworkConfig;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.TimeLaw;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.schedule.StateDependentSchedule;

/** The kinds of parts of a run that are of several types, which a checkpoint knows by names. */
enum TypeKind {
  NETWORK("network", NetworkConfig.class, "withNetwork"),
  OBJECTIVE("objective", Objective.class, "withObjective"),
  SCHEDULE("schedule", MaskingSchedule.class, "withSchedule"),
  STATE_DEPENDENT_SCHEDULE(
      "state-dependent schedule", StateDependentSchedule.class, "withStateDependentSchedule"),
  TIME_LAW("law of times", TimeLaw.class, "withTimeLaw"),
  TRAINING_WEIGHT("training weight", TrainingWeight.class, "withTrainingWeight");

  private final String noun;
  private final Class<?> base;
  private final String registeredBy;

  TypeKind(String noun, Class<?> base, String registeredBy) {
    this.noun = noun;
    this.base = base;
    this.registeredBy = registeredBy;
  }

  /** The kind of a declared or an actual type, if it is of one. */
  static Optional<TypeKind> of(Class<?> type) {
    return Arrays.stream(values()).filter(kind -> kind.base.isAssignableFrom(type)).findFirst();
  }

  /** The noun that messages use. */
  String noun() {
    return noun;
  }

  /** The call that registers such a type, for messages. */
  String registration(String name, String type) {
    return "CheckpointTypes.standard().%s(\"%s\", %s.class)".formatted(registeredBy, name, type);
  }
}

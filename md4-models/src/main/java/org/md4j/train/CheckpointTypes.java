package org.md4j.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.md4j.core.TokenizerIdentity;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.ByteTokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.model.NetworkConfig;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.LogSnrElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.StateDependentElbo;
import org.md4j.objective.TokenwiseObjective;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.BellTimes;
import org.md4j.process.PowerTimes;
import org.md4j.process.TimeLaw;
import org.md4j.process.UniformTimes;
import org.md4j.process.WindowTimes;
import org.md4j.schedule.ClippedSchedule;
import org.md4j.schedule.CosineSchedule;
import org.md4j.schedule.GeometricSchedule;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.LinearSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.schedule.PolynomialSchedule;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The types that checkpoints know by name: networks, objectives, schedules, laws of training times
 * and training weights, and the tokenizers that texts were read with. A registry that you extend by
 * types of your own.
 *
 * <pre>{@code
 * CheckpointTypes types = CheckpointTypes.standard().withSchedule("square", Square.class);
 * trainer.checkpointTo(file, types);
 * ...
 * Checkpoint checkpoint = Checkpoint.read(file, types);
 * }</pre>
 *
 * <p>A type of your own is best a record. Its components go to the file by their names and from
 * there to its constructor: numbers, strings, lists and enums, other records, and whatever of these
 * kinds is registered, so that one schedule may hold another. What is read must {@code equals} what
 * was written; a trainer tries that before it starts. A file holds names only, never those of
 * classes: the same name must be given to what reads it.
 *
 * <p>Immutable; every method that adds returns another registry. Safe for use by many threads.
 */
public final class CheckpointTypes {
  private static final CheckpointTypes STANDARD =
      new CheckpointTypes(
              TypeNames.none()
                  .with(TypeKind.NETWORK, "transformer", TransformerConfig.class)
                  .with(TypeKind.NETWORK, "u-net", UNetConfig.class)
                  .with(TypeKind.OBJECTIVE, "continuous-time", ContinuousTimeElbo.class)
                  .with(TypeKind.OBJECTIVE, "discrete-time", DiscreteTimeElbo.class)
                  .with(TypeKind.OBJECTIVE, "log-snr", LogSnrElbo.class)
                  .with(TypeKind.OBJECTIVE, "mask-count", MaskCountElbo.class)
                  .with(TypeKind.OBJECTIVE, "score-entropy", ScoreEntropyElbo.class)
                  .with(TypeKind.OBJECTIVE, "hybrid", HybridElbo.class)
                  .with(TypeKind.OBJECTIVE, "autoregressive", AutoregressiveLikelihood.class)
                  .with(TypeKind.OBJECTIVE, "state-dependent", StateDependentElbo.class)
                  .with(TypeKind.SCHEDULE, "linear", LinearSchedule.class)
                  .with(TypeKind.SCHEDULE, "cosine", CosineSchedule.class)
                  .with(TypeKind.SCHEDULE, "polynomial", PolynomialSchedule.class)
                  .with(TypeKind.SCHEDULE, "geometric", GeometricSchedule.class)
                  .with(TypeKind.SCHEDULE, "clipped", ClippedSchedule.class)
                  .with(
                      TypeKind.STATE_DEPENDENT_SCHEDULE,
                      "learned-polynomial",
                      LearnedPolynomialSchedule.class)
                  .with(TypeKind.TIME_LAW, "uniform", UniformTimes.class)
                  .with(TypeKind.TIME_LAW, "power", PowerTimes.class)
                  .with(TypeKind.TIME_LAW, "window", WindowTimes.class)
                  .with(TypeKind.TIME_LAW, "bell", BellTimes.class)
                  .with(TypeKind.TRAINING_WEIGHT, "bound", TrainingWeight.BoundWeight.class)
                  .with(TypeKind.TRAINING_WEIGHT, "flat", TrainingWeight.FlatWeight.class)
                  .with(TypeKind.TRAINING_WEIGHT, "capped", TrainingWeight.CappedWeight.class)
                  .with(TypeKind.TRAINING_WEIGHT, "annealed", TrainingWeight.AnnealedWeight.class),
              Map.of())
          .withTokenizer(new Text27Tokenizer())
          .withTokenizer(new ByteTokenizer())
          .withTokenizer(new Gpt2Tokenizer());

  private final TypeNames names;
  private final Map<TokenizerIdentity, Tokenizer> tokenizers;
  private final JsonMapper json;

  private CheckpointTypes(TypeNames names, Map<TokenizerIdentity, Tokenizer> tokenizers) {
    this.names = names;
    this.tokenizers = tokenizers;
    this.json = CheckpointJson.mapper(names);
  }

  /** Returns all types of this library. */
  public static CheckpointTypes standard() {
    return STANDARD;
  }

  /**
   * Returns these types and a network.
   *
   * @param name name that is not that of a network in this registry
   * @throws IllegalArgumentException if name or type is in it
   */
  public CheckpointTypes withNetwork(String name, Class<? extends NetworkConfig> type) {
    return with(TypeKind.NETWORK, name, type);
  }

  /**
   * Returns these types and an objective.
   *
   * @param name name that is not that of an objective in this registry
   * @throws IllegalArgumentException if name or type is in it
   */
  public CheckpointTypes withObjective(String name, Class<? extends TokenwiseObjective> type) {
    return with(TypeKind.OBJECTIVE, name, type);
  }

  /**
   * Returns these types and a schedule.
   *
   * @param name name that is not that of a schedule in this registry
   * @throws IllegalArgumentException if name or type is in it
   */
  public CheckpointTypes withSchedule(String name, Class<? extends MaskingSchedule> type) {
    return with(TypeKind.SCHEDULE, name, type);
  }

  /**
   * Returns these types and a schedule of each token value.
   *
   * @param name name that is not that of a state-dependent schedule in this registry
   * @throws IllegalArgumentException if name or type is in it
   */
  public CheckpointTypes withStateDependentSchedule(
      String name, Class<? extends StateDependentSchedule> type) {
    return with(TypeKind.STATE_DEPENDENT_SCHEDULE, name, type);
  }

  /**
   * Returns these types and a law of training times.
   *
   * @param name name that is not that of a law in this registry
   * @throws IllegalArgumentException if name or type is in it
   */
  public CheckpointTypes withTimeLaw(String name, Class<? extends TimeLaw> type) {
    return with(TypeKind.TIME_LAW, name, type);
  }

  /**
   * Returns these types and a training weight.
   *
   * @param name name that is not that of a weight in this registry
   * @throws IllegalArgumentException if name or type is in it
   */
  public CheckpointTypes withTrainingWeight(String name, Class<? extends TrainingWeight> type) {
    return with(TypeKind.TRAINING_WEIGHT, name, type);
  }

  /**
   * Lets a mapper of the user's own write and read a {@link TrainerConfig}, with laws of times and
   * training weights by their names in this registry.
   *
   * @param mapper changed in place
   * @return the mapper
   */
  public ObjectMapper nameTypesOfTrainers(ObjectMapper mapper) {
    return CheckpointJson.nameTypes(
        mapper, names, Set.of(TypeKind.TIME_LAW, TypeKind.TRAINING_WEIGHT));
  }

  /**
   * Returns these types and a tokenizer, known by its identity.
   *
   * @throws IllegalArgumentException if one of this identity is in the registry
   */
  public CheckpointTypes withTokenizer(Tokenizer tokenizer) {
    if (tokenizers.containsKey(tokenizer.identity())) {
      throw new IllegalArgumentException(
          "tokenizer (" + spelled(tokenizer.identity()) + ") must be new: it is registered");
    }
    Map<TokenizerIdentity, Tokenizer> all = new LinkedHashMap<>(tokenizers);
    all.put(tokenizer.identity(), tokenizer);
    return new CheckpointTypes(names, all);
  }

  /**
   * Returns the tokenizer of an identity, such as {@link DataIdentity#tokenizer} has.
   *
   * @throws CheckpointException saying how to register it if it is not in the registry
   */
  public Tokenizer tokenizer(TokenizerIdentity identity) {
    Tokenizer tokenizer = tokenizers.get(identity);
    if (tokenizer == null) {
      throw new CheckpointException(
          "tokenizer (%s) must be registered: CheckpointTypes.standard().withTokenizer(...); known are %s"
              .formatted(
                  spelled(identity),
                  String.join(
                      ", ", tokenizers.keySet().stream().map(CheckpointTypes::spelled).toList())));
    }
    return tokenizer;
  }

  private CheckpointTypes with(TypeKind kind, String name, Class<?> type) {
    return new CheckpointTypes(names.with(kind, name, type), tokenizers);
  }

  /** The mapper that writes and reads these types as JSON. */
  JsonMapper json() {
    return json;
  }

  /** Spells a tokenizer's name and the beginning of its hash, for messages. */
  static String spelled(TokenizerIdentity identity) {
    return "%s, SHA-256 %.12s...".formatted(identity.name(), identity.sha256());
  }
}

package org.md4j.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Vocabulary;
import org.md4j.data.Tokenizer;
import org.md4j.model.NetworkConfig;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.LearnedObjective;
import org.md4j.objective.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A run at some step: all that is needed to continue it to the bit, or to sample from its network.
 *
 * <p>The file is a zip archive without compression of {@code checkpoint.json} and four arrays of
 * little-endian floats, {@code parameters.f32}, {@code ema.f32}, {@code adam-m.f32} and {@code
 * adam-v.f32}, laid out as the network's flat parameter vector; and of the same four with {@code
 * schedule-} before their names where a schedule is learned, of its raw parameters. No Java
 * serialisation. It is written to a file of that name with {@code .partial} added, forced to the
 * disk and renamed, so a file of that name is always whole. Equal runs write equal files.
 *
 * <p>Reading checks every byte that matters against a checksum; what is wrong is told in one line
 * by a {@link CheckpointException}.
 */
public final class Checkpoint {
  private final NetworkConfig network;
  private final Objective objective;
  private final TrainerConfig trainer;
  private final int step;
  private final BestEvaluation best;
  private final DataIdentity data;
  private final String libraryVersion;
  private final OptimizerState state;
  private final @Nullable OptimizerState scheduleState;

  /**
   * Makes a checkpoint that holds the arrays themselves, FLOAT.
   *
   * @param state the network's
   * @param scheduleState state of a learned schedule, or null
   */
  Checkpoint(
      NetworkConfig network,
      Objective objective,
      TrainerConfig trainer,
      int step,
      BestEvaluation best,
      DataIdentity data,
      String libraryVersion,
      OptimizerState state,
      @Nullable OptimizerState scheduleState) {
    requireFloat(state.parameters());
    this.network = network;
    this.objective = objective;
    this.trainer = trainer;
    this.step = step;
    this.best = best;
    this.data = data;
    this.libraryVersion = libraryVersion;
    this.state = state;
    this.scheduleState = scheduleState;
  }

  /** The network's shape. */
  public NetworkConfig network() {
    return network;
  }

  /** The objective that is minimised, with its schedule, as learned so far if it is learned. */
  public Objective objective() {
    return objective;
  }

  /** The objective that the averaged parameters are evaluated by and sampled with. */
  public Objective averagedObjective() {
    return scheduleState == null
        ? objective
        : ScheduleTraining.with(learnedObjective(), scheduleState.average()).objective();
  }

  /** The objective of a run that learns a schedule. */
  LearnedObjective learnedObjective() {
    return objective
        .learned()
        .orElseThrow(
            () ->
                new CheckpointException(
                    "objective (%s) must learn a schedule".formatted(objective)));
  }

  /** The network's parameters and what belongs to them. */
  OptimizerState state() {
    return state;
  }

  /** A learned schedule's parameters and what belongs to them, or null. */
  @Nullable OptimizerState scheduleState() {
    return scheduleState;
  }

  /** The settings of the run, its seed among them. */
  public TrainerConfig trainer() {
    return trainer;
  }

  /** The number of steps done. */
  public int step() {
    return step;
  }

  /** The best evaluation up to that step. */
  BestEvaluation best() {
    return best;
  }

  /** The identity of the data the run is trained on. */
  public DataIdentity data() {
    return data;
  }

  /**
   * Returns the tokenizer that made the tokens of the run's data, to encode and decode text for its
   * network.
   *
   * @param types among which the tokenizer is
   * @return empty for data that was never text, and for checkpoints from before tokenizers were
   *     kept, all of whose texts were of {@link org.md4j.data.text.Text27Tokenizer}
   * @throws CheckpointException saying how to register the tokenizer if it is not among these
   */
  public Optional<Tokenizer> tokenizer(CheckpointTypes types) {
    return data.tokenizer().map(types::tokenizer);
  }

  /** The version of md4 that wrote the checkpoint. */
  public String libraryVersion() {
    return libraryVersion;
  }

  /**
   * Makes a network with the averaged parameters, to evaluate or sample with, that computes with
   * {@link ComputeBackend#preferred()}.
   *
   * @throws CheckpointException if the arrays are not of the network's size
   */
  public TrainableDenoiser averagedNetwork() {
    return averagedNetwork(ComputeBackend.preferred());
  }

  /**
   * Makes a network with the averaged parameters, to evaluate or sample with.
   *
   * @param backend what computes; need not be what the run was trained with
   * @throws CheckpointException if the arrays are not of the network's size
   */
  public TrainableDenoiser averagedNetwork(ComputeBackend backend) {
    TrainableDenoiser made = network.create(trainer.seed(), backend);
    requireSame("number of parameters", average().length(), made.parameters().length());
    made.parameters().assign(average());
    return made;
  }

  /** The trained parameters, [count], FLOAT; not a copy. */
  public INDArray parameters() {
    return state.parameters();
  }

  /** The averaged parameters, which to evaluate and sample with, [count], FLOAT; not a copy. */
  public INDArray average() {
    return state.average();
  }

  /** AdamW's means of gradients, and Muon's momentum of matrices, [count], FLOAT; not a copy. */
  public INDArray mean() {
    return state.mean();
  }

  /** AdamW's means of squared gradients, 0 of Muon's matrices, [count], FLOAT; not a copy. */
  public INDArray meanSquare() {
    return state.meanSquare();
  }

  /** The version of the library that is running. */
  static String libraryVersionInUse() {
    Properties properties = new Properties();
    try (InputStream file =
        Objects.requireNonNull(Checkpoint.class.getResourceAsStream("version.properties"))) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  /** Rejects, before there is a checkpoint, parts that would keep one from being written. */
  static void requireWritable(
      NetworkConfig network,
      Objective objective,
      TrainerConfig trainer,
      INDArray parameters,
      Path file,
      CheckpointTypes types) {
    CheckpointHeader.requireWritable(network, objective, trainer, types);
    requireFloat(parameters);
    CheckpointFile.requirePlace(file);
  }

  private static void requireFloat(INDArray parameters) {
    if (parameters.dataType() != DataType.FLOAT) {
      throw new CheckpointException(
          "parameters must be of type FLOAT, got " + parameters.dataType());
    }
  }

  /**
   * Writes the checkpoint in place of the file's former contents.
   *
   * @param file its folder must exist
   * @param types names by which the checkpoint is written
   * @throws CheckpointException if it cannot be written; the file is then what it was
   */
  public void write(Path file, CheckpointTypes types) {
    CheckpointFile.write(this, file, types);
  }

  /**
   * Reads a checkpoint of types of this library and checks all of it.
   *
   * @throws CheckpointException if the file is missing, damaged, cut short or of another version,
   *     or names a type that is not {@link CheckpointTypes#standard}
   */
  public static Checkpoint read(Path file) {
    return read(file, CheckpointTypes.standard());
  }

  /**
   * Reads a checkpoint and checks all of it.
   *
   * @param types names by which the checkpoint is read
   * @throws CheckpointException if the file is missing, damaged, cut short or of another version,
   *     or names a type that is not among these
   */
  public static Checkpoint read(Path file, CheckpointTypes types) {
    return CheckpointFile.read(file, types);
  }

  /** Checks that the checkpoint is of such a network. */
  void requireNetwork(NetworkConfig expected) {
    requireSame("network", network, expected);
  }

  /** Checks that a run with these parts would continue the run of the checkpoint. */
  void requireFits(
      Vocabulary vocabulary,
      INDArray networkParameters,
      Objective trainedObjective,
      DataIdentity trainedData,
      TrainerConfig config) {
    requireSame("vocabulary", network.vocabulary(), vocabulary);
    requireSame("number of parameters", parameters().length(), networkParameters.length());
    requireSame("type of parameters", parameters().dataType(), networkParameters.dataType());
    if (objective.learned().stream().noneMatch(learned -> learned.continues(trainedObjective))) {
      requireSame("objective", objective, trainedObjective);
    }
    if (!data.sameData(trainedData)) {
      requireSame("data", data, trainedData);
    }
    requireSame("settings", comparable(trainer), comparable(config));
    if (step > config.steps()) {
      throw new CheckpointException(
          "steps (%d) must be at least those the checkpoint has done, %d"
              .formatted(config.steps(), step));
    }
  }

  /** Checks that tokens were made by the same tokenizer, as far as the checkpoint knows its own. */
  void requireTokenizer(DataIdentity trainedData) {
    if (data.tokenizer().isPresent() && !data.tokenizer().equals(trainedData.tokenizer())) {
      requireSame("tokenizer", spelled(data), spelled(trainedData));
    }
  }

  private static String spelled(DataIdentity data) {
    return data.tokenizer().map(CheckpointTypes::spelled).orElse("none");
  }

  /** The settings without those a resumed run may change. */
  static TrainerConfig comparable(TrainerConfig config) {
    return config.toBuilder()
        .replicas(0)
        .accumulation(1)
        .steps(1)
        .optimizer(adamW -> adamW.mostSkips(0))
        .evaluation(evaluation -> evaluation.every(0).rows(0))
        .checkpoints(checkpoints -> CheckpointConfig.builder())
        .build();
  }

  private static void requireSame(String name, Object saved, Object here) {
    if (!saved.equals(here)) {
      throw new CheckpointException(
          "checkpoint does not fit: its %s is %s, this run's is %s".formatted(name, saved, here));
    }
  }
}

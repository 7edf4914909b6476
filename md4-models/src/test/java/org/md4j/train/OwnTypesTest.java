package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.model.TrainableDenoiser;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.ElboVariant;
import org.md4j.objective.HostCost;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.LogitWorkspace;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.TokenCost;
import org.md4j.schedule.ClippedSchedule;
import org.md4j.schedule.LinearSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Schedules, networks and objectives of a user's own in checkpoints. */
class OwnTypesTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(5);
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(5, 8).layers(1).heads(1).headSize(4).build();
  private static final Elbo ELBO = new ContinuousTimeElbo(MaskingSchedule.linear());

  /** Not a number that a few decimals would bring back. */
  private static final double THIRD = 1.0 / 3;

  private static final CheckpointTypes TYPES =
      CheckpointTypes.standard()
          .withSchedule("square", Square.class)
          .withSchedule("blend", Blend.class)
          .withObjective("squared-error", SquaredErrorElbo.class)
          .withNetwork("table", Table.class);

  @TempDir private Path folder;
  private Path file;

  /** {@code alpha = 1 - t^2}, with a number that is only kept. */
  record Square(double note) implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return 1 - t * t;
    }

    @Override
    public double oneMinusAlpha(double t) {
      return t * t;
    }

    @Override
    public double alphaPrime(double t) {
      return -2 * t;
    }
  }

  /** The mean of two schedules, whatever they are. */
  record Blend(MaskingSchedule first, MaskingSchedule second) implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return (first.alpha(t) + second.alpha(t)) / 2;
    }

    @Override
    public double oneMinusAlpha(double t) {
      return (first.oneMinusAlpha(t) + second.oneMinusAlpha(t)) / 2;
    }

    @Override
    public double alphaPrime(double t) {
      return (first.alphaPrime(t) + second.alphaPrime(t)) / 2;
    }
  }

  /** A bound whose predictions cost the square of a logit. */
  record SquaredErrorElbo(Elbo bound, int weight) implements ElboVariant {
    @Override
    public TokenCost cost(LogitWorkspace workspace) {
      return new HostCost(
          (logits, target, gradient) -> {
            gradient[target] = 2 * weight * (logits[target] - 1);
            return weight * (logits[target] - 1) * (logits[target] - 1);
          });
    }
  }

  /** A network that is not made here. */
  record Table(Vocabulary vocabulary, int length, double scale, boolean timeConditioned)
      implements NetworkConfig {
    @Override
    public TrainableDenoiser create(long seed, ComputeBackend backend) {
      return TimedTableDenoiser.create(vocabulary);
    }
  }

  /** A schedule that forgets what it was made with. */
  static final class Forgetful implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return 1 - t;
    }

    @Override
    public double oneMinusAlpha(double t) {
      return t;
    }

    @Override
    public double alphaPrime(double t) {
      return -1;
    }
  }

  @BeforeEach
  void nameFile() {
    file = folder.resolve("checkpoint.md4");
  }

  static Stream<Objective> objectives() {
    MaskingSchedule square = new Square(THIRD);
    return Stream.of(
        new ContinuousTimeElbo(square),
        new ContinuousTimeElbo(square.clipped(THIRD / 1000)),
        new MaskCountElbo(new Blend(square, new ClippedSchedule(new Square(-0.0), 1e-4))),
        new ScoreEntropyElbo(new ContinuousTimeElbo(square)),
        new HybridElbo(new DiscreteTimeElbo(new ClippedSchedule(square, 1e-3), 17), 0.25),
        new SquaredErrorElbo(ELBO, 3),
        new SquaredErrorElbo(new MaskCountElbo(new Blend(square, MaskingSchedule.cosine())), 2));
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void objectivesAndSchedulesComeBackToTheBit(Objective objective) {
    checkpoint(NETWORK, objective).write(file, TYPES);

    assertThat(Checkpoint.read(file, TYPES).objective()).isEqualTo(objective);
  }

  @Test
  void networksComeBackToTheBit() {
    Table network = new Table(VOCABULARY, 6, THIRD, true);
    checkpoint(network, ELBO).write(file, TYPES);

    assertThat(Checkpoint.read(file, TYPES).network()).isEqualTo(network);
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void anUnknownTypeIsRefusedInOneLineThatSaysHowToRegisterIt(Objective objective) {
    assertThatThrownBy(() -> checkpoint(NETWORK, objective).write(file, CheckpointTypes.standard()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("OwnTypesTest$")
        .hasMessageContaining("be registered: CheckpointTypes.standard().with")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anUnknownNameIsRefusedInOneLineThatSaysHowToRegisterIt() {
    checkpoint(new Table(VOCABULARY, 6, 1, false), ELBO).write(file, TYPES);

    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "checkpoint (%s) cannot be used: network type (table) must be one of transformer, u-net or be registered: CheckpointTypes.standard().withNetwork(\"table\", ItsClass.class), given to MaskedDiffusion.load or Checkpoint.read"
                .formatted(file));
  }

  @Test
  void whatDoesNotComeBackAsItWasIsRefusedBeforeTraining() {
    CheckpointTypes types = CheckpointTypes.standard().withSchedule("forgetful", Forgetful.class);

    assertThatThrownBy(
            () ->
                Checkpoint.requireWritable(
                    NETWORK,
                    new ContinuousTimeElbo(new Forgetful()),
                    TrainerConfig.builder(1, 1, 1e-3).build(),
                    Nd4j.ones(5),
                    file,
                    types))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("must come back as it was")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void everyNameAndTypeIsNewAmongItsKind() {
    CheckpointTypes types = CheckpointTypes.standard();

    assertThatThrownBy(() -> types.withSchedule("linear", Square.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "name (linear) must be new among those of a schedule: it is that of org.md4j.schedule.LinearSchedule");
    assertThatThrownBy(() -> types.withSchedule("straight", LinearSchedule.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("type (org.md4j.schedule.LinearSchedule) must be new: its name is linear");
    assertThatThrownBy(() -> types.withNetwork(" ", Table.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name ( ) must not be empty");
    types.withNetwork("linear", Table.class); // of another kind
  }

  @Test
  void aRegistryIsNotChangedByTheOneMadeFromIt() {
    CheckpointTypes more = CheckpointTypes.standard().withSchedule("square", Square.class);

    checkpoint(NETWORK, new ContinuousTimeElbo(new Square(0))).write(file, more);

    assertThatThrownBy(() -> Checkpoint.read(file)).isInstanceOf(CheckpointException.class);
  }

  private static Checkpoint checkpoint(NetworkConfig network, Objective objective) {
    INDArray array = Nd4j.ones(5);
    return new Checkpoint(
        network,
        objective,
        TrainerConfig.builder(100, 4, 1e-3).build(),
        1,
        BestEvaluation.NONE,
        new DataIdentity("rows", "ab12", 8, 93, Optional.empty()),
        "0.0-test",
        new OptimizerState(array, array, array, array),
        null);
  }
}

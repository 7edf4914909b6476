package org.md4j.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.terminal.CommandException;
import org.md4j.model.ReplicaPool;
import org.md4j.model.text.NgramEmbedding;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.TimeLaw;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;
import picocli.CommandLine;

class TextSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "tiny, 61, 2, 31",
    "tiny, 48, 1, 48",
    "tiny, 1, 1, 1",
    "text8, 37, 3, 13",
    "text8, 512, 32, 16"
  })
  void aBatchIsSplitIntoTheFewestPartsThatFit(
      String preset, int batch, int parts, int largestPart) {
    TextSettings settings =
        CommandLine.populateCommand(new TextSettings(), "--preset=" + preset, "--batch=" + batch);

    TrainerConfig trainer = settings.config(null).trainer();

    assertThat(trainer.batchSize()).isEqualTo(batch);
    assertThat(trainer.accumulation()).isEqualTo(parts);
    assertThat(trainer.microBatchRows()).isEqualTo(largestPart);
    assertThat(trainer.replicas()).isEqualTo(Math.min(ReplicaPool.defaultSize(), batch / parts));
  }

  @Test
  void ordersOfNgramsAreNumbersWithCommasAndZeroIsNone() {
    NgramEmbedding usual = TextPreset.TINY.network().ngrams();
    assertThat(ngrams("--ngrams=2,4"))
        .isEqualTo(new NgramEmbedding(List.of(2, 4), usual.rows(), usual.width()));
    assertThat(ngrams("--ngrams=2").orders()).containsExactly(2);
    assertThat(ngrams("--ngrams=0")).isEqualTo(NgramEmbedding.none());
    assertThat(ngrams("--preset=text8", "--ngrams=3")).isEqualTo(NgramEmbedding.of(3));
    assertThat(ngrams()).isEqualTo(usual);
    assertThatThrownBy(() -> ngrams("--ngrams=5,3"))
        .isInstanceOf(CommandException.class)
        .hasMessage("--ngrams ([5, 3]) must ascend within 2..8");
  }

  private static NgramEmbedding ngrams(String... options) {
    return settings(options).config(null).network().ngrams();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform", "power:0.5", "window:0.2:0.8:0.9", "bell:0.5:0.2"})
  void lawsOfTimesAreReadAsTheyAreSpelled(String times) {
    TrainingNoise noise = settings("--times=" + times, "--pairs").config(null).trainer().noise();

    assertThat(NoiseFlags.spelled(noise.times())).isEqualTo(times);
    assertThat(noise.complementaryPairs()).isTrue();
    assertThat(settings("--times=floor:0.1:0.9").config(null).trainer().noise().times())
        .isEqualTo(TimeLaw.floor(0.1, 0.9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bound", "flat:2", "capped:5", "annealed:2:0.5"})
  void weightsAreReadAsTheyAreSpelled(String spelled) {
    assertThat(NoiseFlags.spelled(weight(spelled))).isEqualTo(spelled);
  }

  @Test
  void weightsAreReadByNameAndNumbers() {
    assertThat(weight("bound")).isEqualTo(TrainingWeight.bound());
    assertThat(weight("flat:2")).isEqualTo(TrainingWeight.flat(2));
    assertThat(weight("capped:5")).isEqualTo(TrainingWeight.capped(5));
    assertThat(weight("annealed:2:0.5")).isEqualTo(TrainingWeight.annealed(2, 0.5));
  }

  private static TrainingWeight weight(String spelled) {
    return settings("--weight=" + spelled).config(null).trainer().noise().weight();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--model=ar --pairs | --times, --weight, --pairs and --mask-counts are of no use",
        "--model=genmd4 --pairs | --mask-samples (PAIR) must be SINGLE with complementary pairs",
        "--model=genmd4 --mask-counts | --mask-counts (true) must be false for StateDependentElbo",
        "--model=d3pm --weight=capped:5 | --weight (CappedWeight[most=5.0]) must be the bound's",
        "--model=genmd4 --weight=flat:2 | --weight (FlatWeight[value=2.0]) must be the bound's",
      })
  void noiseThatDoesNotFitTheModelIsRefused(String options, String message) {
    TextSettings settings = settings(options.split(" "));

    assertThatThrownBy(() -> settings.config(null))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--times=power | 'power' must be one of uniform, power:EXPONENT, window:FROM:TO:SHARE",
        "--times=power:x | 'power:x' must be one of",
        "--times=window:0.2:0.9:1 | share (1.0) must be in (0, 1)",
        "--weight=flat:0 | value (0.0) must be above 0",
      })
  void noiseThatIsNoneIsRefused(String option, String message) {
    assertThatThrownBy(() -> settings(option))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining(message);
  }

  @Test
  void minutesAndStepsCannotBothBeGiven() {
    assertThat(settings("--minutes=3").minutes()).contains(3.0);
    assertThat(settings().minutes()).isEmpty();
    assertThatThrownBy(() -> settings("--minutes=3", "--steps=5").minutes())
        .isInstanceOf(CommandException.class)
        .hasMessage("--minutes and --steps cannot both be given");
  }

  @Test
  void warmUpFitsTheStepsUnlessItIsAskedFor() {
    TrainerConfig tiny = settings().config(null).trainer();

    assertThat(settings().withSteps(tiny, 50).optimizer().warmupSteps()).isEqualTo(5);
    assertThat(settings().withSteps(tiny, 50).steps()).isEqualTo(50);
    assertThat(settings("--warmup=30").withSteps(tiny, 50).optimizer().warmupSteps()).isEqualTo(30);
  }

  private static TextSettings settings(String... options) {
    return CommandLine.populateCommand(new TextSettings(), options);
  }
}

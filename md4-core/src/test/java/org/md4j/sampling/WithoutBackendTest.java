package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.HostDenoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.likelihood.PolicyLikelihood;
import org.md4j.likelihood.UnmaskingPolicy;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ToyDenoiser;

/** What a denoiser written in plain Java can be used for where there is no backend of ND4J. */
class WithoutBackendTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final String DRAWN = "drawn ";

  @Test
  void rowsAreDrawnAndFilledInAndMeasured() throws IOException, InterruptedException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("nd4j-native"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                classPath,
                Drawing.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    HostDenoiser toy = new ToyDenoiser(VOCABULARY, t -> 2 * t);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines().filter(line -> line.startsWith(DRAWN)))
        .as(output)
        .containsExactly(DRAWN + Drawing.with(input -> toy.logits(input)));
  }

  /** The program that runs without a backend. */
  static final class Drawing {
    private Drawing() {}

    /** Prints what was drawn; fails if ND4J can be used after all. */
    public static void main(String[] arguments) throws ClassNotFoundException {
      System.out.println(DRAWN + with(new ToyDenoiser(VOCABULARY, t -> 2 * t)));
      try {
        Class.forName("org.nd4j.linalg.factory.Nd4j");
      } catch (LinkageError expected) {
        return;
      }
      throw new IllegalStateException("there must be no backend on the class path");
    }

    static String with(Denoiser denoiser) {
      MaskingSchedule schedule = MaskingSchedule.cosine().clipped(0.05);
      Decoding decoding = Decoding.forInfilling(schedule).withFilter(LogitFilter.topP(0.9));
      TimeGrid grid = TimeGrid.cosine(4);
      TokenBatch template = Template.of(VOCABULARY, 1, 3, 3, 0, 3, 3).start(5);
      TokenBatch masks = TokenBatch.allMasked(VOCABULARY, 5, 6);
      LogitFilter none = LogitFilter.none();
      List<ReverseSampler> samplers =
          List.of(
              EventDrivenSampler.ancestral(decoding, grid),
              new StepwiseSampler(decoding, UnmaskingRule.EULER, grid),
              new FirstHittingSampler(decoding),
              new OrderedSampler(decoding, RevealOrder.MARGIN, grid),
              new FixedOrderSampler(decoding, PositionOrder.dilated(), grid),
              new EntropyBoundedSampler(decoding, 1),
              new RemaskingSampler(decoding, 0.8, grid),
              new PredictorCorrectorSampler(decoding, grid, 1, 0.2),
              new StateDependentEventDrivenSampler(
                  LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.3, 1, 4), none, grid));
      Stream<TokenBatch> drawn =
          Stream.concat(
              samplers.stream()
                  .flatMap(
                      sampler ->
                          Stream.of(
                              draw(sampler, denoiser, template), draw(sampler, denoiser, masks))),
              Stream.of(draw(new AutoregressiveSampler(none), denoiser, masks)));
      double[] nats =
          new PolicyLikelihood(denoiser, schedule, UnmaskingPolicy.of(RevealOrder.ENTROPY, 2))
              .of(Rows.of(draw(samplers.get(0), denoiser, masks)))
              .nats();
      return drawn.map(batch -> Arrays.toString(batch.toFlat())).collect(Collectors.joining())
          + Arrays.toString(nats);
    }

    private static TokenBatch draw(ReverseSampler sampler, Denoiser denoiser, TokenBatch start) {
      return sampler.sample(denoiser, SamplingRequest.of(start, new CounterRandom(3))).tokens();
    }
  }
}

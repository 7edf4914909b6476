package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;
import org.md4j.core.HostLogits;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingCost;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.SamplingResult;
import org.md4j.sampling.SamplingTrace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What every {@link ReverseSampler} promises. A sampler of your own is held to it by
 *
 * <pre>
 *   class MySamplerTest extends ReverseSamplerContract {
 *     &#64;Override
 *     protected Stream&lt;ReverseSampler&gt; samplers() {
 *       return Stream.of(new MySampler());
 *     }
 *   }
 * </pre>
 *
 * <p>The network that is asked is a formula in the tokens, the position, the time and the label. A
 * sampler that asks it with {@link Denoiser#hostLogits}, as a {@code SamplingRun} does, needs no
 * ND4J backend.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ReverseSamplerContract {
  private static final CounterRandom RANDOM = new CounterRandom(31);
  private static final int LABELS = 2;

  /** The number of the first row: not 0, where numbers and places in the batch are the same. */
  private static final long FIRST_EXAMPLE = 5;

  /** The samplers under test: one, or several settings of it. What they draw must vary. */
  protected abstract Stream<ReverseSampler> samplers();

  /** The vocabulary the samplers are asked to draw from, of at least two tokens. */
  protected Vocabulary vocabulary() {
    return new Vocabulary(3);
  }

  /**
   * The rows to start from, [B, N]: as many kinds as the sampler allows, by default masks only,
   * tokens given anywhere, and no masks at all.
   */
  protected TokenBatch start() {
    int[][] rows = new int[64][7];
    for (int row = 0; row < rows.length; row++) {
      for (int n = 0; n < rows[row].length; n++) {
        rows[row][n] =
            (row >> n % 4 & 1) == 0 ? vocabulary().maskId() : (row + n) % vocabulary().size();
      }
    }
    return TokenBatch.of(vocabulary(), rows);
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void givenTokensStayAndMasksDoNot(ReverseSampler sampler) {
    TokenBatch start = start();
    TokenBatch drawn = draw(sampler, RANDOM, start.rows(), new SamplingTrace());

    assertThat(drawn.rows()).isEqualTo(start.rows());
    assertThat(drawn.maskedPositions()).isEmpty();
    for (int i = 0; i < start.rows() * start.length(); i++) {
      if (!start.isMasked(i)) {
        assertThat(drawn.token(i)).as("position %s", i).isEqualTo(start.token(i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void rowsAreTheSameToTheBitWhateverTheBatchSize(ReverseSampler sampler) {
    SamplingTrace whole = new SamplingTrace();
    TokenBatch drawn = draw(sampler, RANDOM, start().rows(), whole);

    for (int batch : new int[] {1, 7}) {
      SamplingTrace split = new SamplingTrace();

      assertThat(draw(sampler, RANDOM, batch, split)).as("%s a call", batch).isEqualTo(drawn);
      assertThat(byExample(split.reveals())).isEqualTo(byExample(whole.reveals()));
      assertThat(split.remasks()).containsExactlyInAnyOrderElementsOf(whole.remasks());
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void rowsAreTheSameInWhateverOrderTheyAreDrawn(ReverseSampler sampler) {
    TokenBatch drawn = draw(sampler, RANDOM, start().rows(), new SamplingTrace());

    for (int row = start().rows() - 1; row >= 0; row--) {
      assertThat(sampler.sample(denoiser(), request(RANDOM, row, row + 1)).tokens())
          .as("row %s", row)
          .isEqualTo(drawn.rows(row, row + 1));
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void aSeedRepeatsItsRowsAndAnotherDrawsOthers(ReverseSampler sampler) {
    int rows = start().rows();
    TokenBatch drawn = draw(sampler, RANDOM, rows, new SamplingTrace());

    assertThat(draw(sampler, RANDOM, rows, new SamplingTrace())).isEqualTo(drawn);
    assertThat(draw(sampler, new CounterRandom(32), rows, new SamplingTrace())).isNotEqualTo(drawn);
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void rowsOfOtherNumbersAreOthers(ReverseSampler sampler) {
    SamplingRequest request = request(RANDOM, 0, start().rows());
    SamplingRequest others = new SamplingRequest(request.start().withFirstExample(1000), RANDOM);

    assertThat(sampler.sample(denoiser(), others).tokens())
        .isNotEqualTo(sampler.sample(denoiser(), request).tokens());
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void theEventsReplayToTheResult(ReverseSampler sampler) {
    TokenBatch start = start();
    int[] tokens = start.toFlat();
    List<TokenBatch> rounds = new ArrayList<>();
    SamplingListener replay =
        new SamplingListener() {
          @Override
          public void onReveal(Reveal reveal) {
            int at = at(reveal.example(), reveal.position());
            assertThat(tokens[at]).isEqualTo(vocabulary().maskId());
            assertThat(reveal.token()).isBetween(0, vocabulary().size() - 1);
            assertThat(reveal.step()).isPositive();
            assertThat(reveal.time()).isBetween(0.0, 1.0);
            tokens[at] = reveal.token();
          }

          @Override
          public void onRemask(Remask remask) {
            int at = at(remask.example(), remask.position());
            assertThat(start.isMasked(at)).isTrue();
            assertThat(tokens[at]).isEqualTo(remask.token());
            tokens[at] = vocabulary().maskId();
          }

          @Override
          public void onRound(TokenBatch now) {
            assertThat(now.toFlat()).isEqualTo(tokens);
            rounds.add(now);
          }

          private int at(long example, int position) {
            return (int) (example - FIRST_EXAMPLE) * start.length() + position;
          }
        };

    SamplingResult result = sampler.sample(denoiser(), request(RANDOM, 0, start.rows()), replay);

    assertThat(result.tokens().toFlat()).isEqualTo(tokens);
    assertThat(rounds.get(rounds.size() - 1)).isEqualTo(result.tokens());
    assertThat(rounds).hasSize((int) result.cost().evaluations());
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void eventsOfARowComeInTheOrderOfItsSteps(ReverseSampler sampler) {
    SamplingTrace trace = new SamplingTrace();
    draw(sampler, RANDOM, start().rows(), trace);

    List<Reveal> reveals = byExample(trace.reveals());
    for (int i = 1; i < reveals.size(); i++) {
      Reveal before = reveals.get(i - 1);
      Reveal reveal = reveals.get(i);
      if (reveal.example() == before.example()) {
        assertThat(reveal.step()).isGreaterThanOrEqualTo(before.step());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void theCostIsWhatTheDenoiserSaw(ReverseSampler sampler) {
    TokenBatch start = start();
    CountingDenoiser counting = new CountingDenoiser(denoiser());
    SamplingTrace trace = new SamplingTrace();

    SamplingCost cost = sampler.sample(counting, request(RANDOM, 0, start.rows()), trace).cost();

    assertThat(cost.evaluations()).isEqualTo(counting.questions.size());
    assertThat(cost.rows())
        .isEqualTo(counting.questions.stream().mapToInt(input -> input.tokens().rows()).sum());
    assertThat(cost.positions())
        .isEqualTo(counting.questions.stream().mapToInt(input -> input.positions().length).sum());
    assertThat(cost.tokens()).isEqualTo(trace.reveals().size());
    assertThat(cost.tokens() - trace.remasks().size()).isEqualTo(start.maskedPositions().length);
    assertThat(cost.seconds()).isNotNegative();
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void theNetworkIsAskedAboutMasksOnly(ReverseSampler sampler) {
    CountingDenoiser counting = new CountingDenoiser(denoiser());
    sampler.sample(counting, request(RANDOM, 0, start().rows()));

    for (DenoiserInput input : counting.questions) {
      for (int position : input.positions()) {
        assertThat(input.tokens().isMasked(position)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  protected final void rowsWithoutMasksTakeNothing(ReverseSampler sampler) {
    int[][] given = {new int[start().length()], new int[start().length()]};
    TokenBatch rows = TokenBatch.of(vocabulary(), given);
    CountingDenoiser counting = new CountingDenoiser(denoiser());

    SamplingResult result =
        sampler.sample(counting, new SamplingRequest(Rows.of(rows).withLabels(0, 1), RANDOM));

    assertThat(result.tokens()).isEqualTo(rows);
    assertThat(result.cost().tokens()).isZero();
    assertThat(counting.questions).isEmpty();
  }

  /** What a row becomes with its label is what it becomes under a network of that label alone. */
  @ParameterizedTest
  @MethodSource("samplers")
  protected final void rowsTakeTheirLabelsAlong(ReverseSampler sampler) {
    SamplingRequest request = request(RANDOM, 0, start().rows());
    TokenBatch drawn = sampler.sample(denoiser(), request).tokens();
    TokenBatch[] ofLabel =
        IntStream.range(0, LABELS)
            .mapToObj(label -> sampler.sample(denoiser(label), request).tokens())
            .toArray(TokenBatch[]::new);

    assertThat(ofLabel[0]).isNotEqualTo(ofLabel[1]);
    for (int row = 0; row < drawn.rows(); row++) {
      assertThat(drawn.row(row)).as("row %s", row).isEqualTo(ofLabel[label(row)].row(row));
    }
  }

  /** Draws the rows in calls of some rows each. */
  private TokenBatch draw(
      ReverseSampler sampler, CounterRandom random, int batch, SamplingTrace trace) {
    int rows = start().rows();
    int[][] drawn = new int[rows][];
    for (int from = 0; from < rows; from += batch) {
      int to = Math.min(rows, from + batch);
      TokenBatch part = sampler.sample(denoiser(), request(random, from, to), trace).tokens();
      for (int row = from; row < to; row++) {
        drawn[row] = part.row(row - from);
      }
    }
    return TokenBatch.of(vocabulary(), drawn);
  }

  private SamplingRequest request(CounterRandom random, int from, int to) {
    return new SamplingRequest(
        Rows.of(start().rows(from, to))
            .withLabels(IntStream.range(from, to).map(ReverseSamplerContract::label).toArray())
            .withFirstExample(FIRST_EXAMPLE + from),
        random);
  }

  private static int label(int row) {
    return row / 3 % LABELS;
  }

  /** A network whose answers depend on tokens, position, time and label. */
  private static HostDenoiser denoiser() {
    return (input, row, position, into) ->
        denoiser(input.labels()[row]).logits(input, row, position, into);
  }

  /** A network whose answers are those for a label, whatever the label is. */
  private static HostDenoiser denoiser(int label) {
    return (input, row, position, into) -> {
      double phase = 1.3 * position + (label + 2) * input.times()[row] + 2.5 * label;
      for (int n = 0; n < input.tokens().length(); n++) {
        phase += (n + 1) * input.tokens().token(row, n);
      }
      for (int v = 0; v < into.length; v++) {
        into[v] = Math.sin(phase + 2.1 * v);
      }
    };
  }

  /** The events row by row, each row's in the order they came. */
  private static List<Reveal> byExample(List<Reveal> reveals) {
    return reveals.stream().sorted(Comparator.comparingLong(Reveal::example)).toList();
  }

  /** A denoiser that keeps its questions, by whichever way they are asked. */
  private static final class CountingDenoiser implements Denoiser {
    private final HostDenoiser denoiser;
    private final List<DenoiserInput> questions = new ArrayList<>();

    CountingDenoiser(HostDenoiser denoiser) {
      this.denoiser = denoiser;
    }

    @Override
    public INDArray logits(DenoiserInput input) {
      questions.add(input);
      return denoiser.logits(input);
    }

    @Override
    public HostLogits hostLogits(DenoiserInput input) {
      questions.add(input);
      return denoiser.hostLogits(input);
    }
  }
}

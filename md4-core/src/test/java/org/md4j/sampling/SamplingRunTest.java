package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.toy.FixedDenoiser;

/** What the workbench does, and what it tells someone who uses it wrongly. */
class SamplingRunTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(2);
  private static final int MASK = VOCABULARY.maskId();
  private static final TokenBatch START =
      TokenBatch.of(VOCABULARY, new int[] {MASK, 1, MASK}, new int[] {0, 0, MASK});

  private final SamplingTrace trace = new SamplingTrace();
  private final SamplingRun run =
      new SamplingRun(
          LogitFilter.none(),
          FixedDenoiser.of(0.25, 0.75),
          new SamplingRequest(Rows.of(START).withFirstExample(9), new CounterRandom(3)),
          trace);

  @Test
  void rowsKnowTheirMasksAndTheSamplersTokens() {
    run.moveTo(0, 1, 0.5);
    run.ask(new int[] {0}, run::revealLikeliest);
    run.endRound();

    assertThat(run.rows().blanks(0)).isEqualTo(2);
    assertThat(run.rows().masks(0)).isEqualTo(1);
    assertThat(run.rows().masked()).containsExactly(0, 1);
    assertThat(run.rows().maskedPositions(0)).containsExactly(2);
    assertThat(run.rows().revealedPositions(0)).containsExactly(0);
    assertThat(run.rows().positions(run.rows()::maskedPositions)).containsExactly(2, 5);
    assertThat(run.rows().isRevealed(0)).isTrue();
    assertThat(run.rows().isRevealed(1)).isFalse();
    assertThat(run.rows().token(0)).isEqualTo(1);
    assertThat(START.isMasked(0)).isTrue();
  }

  @Test
  void eventsCarryTheStepAndTimeTheirRowIsAt() {
    run.moveAllTo(2, 0.5);
    run.moveTo(1, 3, 0.25);
    run.ask(new int[] {0, 5}, run::revealLikeliest);
    run.remask(5);
    run.endRound();

    assertThat(run.step(1)).isEqualTo(3);
    assertThat(run.time(1)).isEqualTo(0.25);
    assertThat(trace.reveals()).extracting(Reveal::example).containsExactly(9L, 10L);
    assertThat(trace.reveals()).extracting(Reveal::step).containsExactly(2, 3);
    assertThat(trace.reveals()).extracting(Reveal::time).containsExactly(0.5, 0.25);
    assertThat(trace.remasks()).containsExactly(new Remask(10, 3, 0.25, 2, 1));
  }

  @Test
  void aRoundGoesOnUntilNoRowHasAnEvent() {
    List<Integer> asked = new ArrayList<>();

    run.rounds(
        row -> {
          int[] masked = run.rows().maskedPositions(row);
          if (masked.length > 0) {
            run.moveTo(row, run.step(row) + 1, 0);
            return new int[] {masked[0]};
          }
          return masked;
        },
        (position, prediction) -> {
          asked.add(position);
          run.revealDrawn(position, prediction);
        });

    assertThat(asked).containsExactly(0, 5, 2);
    assertThat(run.result().cost().evaluations()).isEqualTo(2);
    assertThat(run.result().cost().rows()).isEqualTo(3);
  }

  @Test
  void withoutPositionsNothingIsAsked() {
    assertThat(run.ask(new int[0], (position, prediction) -> {})).isFalse();

    run.fillLeftOver(1);

    assertThat(run.result().cost().evaluations()).isEqualTo(1);
    assertThat(run.result().tokens().row(0)).containsExactly(1, 1, 1);
  }

  @Test
  void asksAboutMasksInAscendingOrder() {
    assertThatThrownBy(() -> run.ask(new int[] {1}, run::revealDrawn))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("position (1) must be that of a mask, greater than the one before it (-1)");
    assertThatThrownBy(() -> run.ask(new int[] {2, 0}, run::revealDrawn))
        .hasMessage("position (0) must be that of a mask, greater than the one before it (2)");
  }

  @Test
  void aRoundMustBeEnded() {
    run.moveAllTo(1, 0);
    run.ask(new int[] {0, 2, 5}, run::revealDrawn);

    assertThatThrownBy(() -> run.ask(new int[] {0}, run::revealDrawn))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("endRound must be called before the network is asked again");
    assertThatThrownBy(run::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("endRound must be called before the result is taken");
  }

  @Test
  void aResultHasNoMasks() {
    assertThatThrownBy(run::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "no mask must be left when the result is taken, got one in row 0; fillLeftOver fills"
                + " masks");
  }

  @Test
  void onlyMasksAreRevealedAndOnlyTheSamplersTokensMaskedAgain() {
    run.moveAllTo(1, 0);

    assertThatThrownBy(() -> run.ask(new int[] {0}, (position, at) -> run.reveal(1, 0, at)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("position (1) must be a mask to be revealed, got token 1");
    run.endRound();
    assertThatThrownBy(() -> run.ask(new int[] {0}, (position, at) -> run.reveal(0, MASK, at)))
        .hasMessage("token (2) must be in 0..1");
    assertThatThrownBy(() -> run.remask(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "position (1) must hold a token the sampler has revealed to be masked again, got a"
                + " given token");
    assertThatThrownBy(() -> run.remask(0)).hasMessageEndingWith("got a mask");
  }

  @Test
  void stepsCountFromOneAndTimesAreThoseOfTheProcess() {
    assertThatThrownBy(() -> run.moveTo(0, 0, 1)).hasMessage("step (0) must be at least 1");
    assertThatThrownBy(() -> run.moveTo(0, 1, 1.5)).hasMessage("time (1.5) must be in [0, 1]");
  }

  @Test
  void onlyTheLatestAnswerCanBeReadAgain() {
    run.moveAllTo(1, 0);
    List<Double> read = new ArrayList<>();
    run.ask(new int[] {0, 5}, (position, at) -> read.add(at.network().probability(1)));
    run.readAgain(new int[] {5}, (position, at) -> read.add(at.network().probability(1)));

    assertThat(read).hasSize(3).containsOnly(read.get(0));
    assertThatThrownBy(() -> run.readAgain(new int[] {2}, run::revealDrawn))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("position (2) must be one the latest question was about");
  }
}

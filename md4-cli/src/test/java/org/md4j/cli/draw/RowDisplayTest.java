package org.md4j.cli.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.cli.terminal.Terminal;
import org.md4j.core.Denoiser;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.RowObserver;
import org.md4j.sampling.RowSampling;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.UnmaskingRule;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.factory.Nd4j;

class RowDisplayTest {
  private static final Tokenizer TOKENIZER = new Text27Tokenizer();
  private static final int MORE_THAN_A_SCREEN = 40;

  private final Denoiser uniform = input -> Nd4j.zeros(input.positions().length, 27);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final RowObserver plain = on(Terminal.plain(out, out));
  private final RowObserver live = on(new Terminal(out, out, true, true, 80));

  @Test
  void textsDoNotDependOnHowManyAreDrawnTogether() {
    RowSampling sampling = fromMasks(MORE_THAN_A_SCREEN, 100);

    List<String> drawn = draw(sampling, plain).decoded(TOKENIZER::decode);

    assertThat(draw(sampling, live).decoded(TOKENIZER::decode))
        .isEqualTo(drawn)
        .hasSize(MORE_THAN_A_SCREEN)
        .doesNotHaveDuplicates();
  }

  @Test
  void plainOutputIsALineATextWithoutEscapes() {
    DrawnRows drawn = draw(fromMasks(2, 10), plain);

    assertThat(shown().lines()).isEqualTo(drawn.decoded(TOKENIZER::decode));
  }

  @Test
  void noDisplayShowsNothing() {
    draw(fromMasks(2, 10), RowObserver.none());

    assertThat(shown()).isEmpty();
  }

  @Test
  void textsTooLongForTheScreenArePrintedWhenDone() {
    DrawnRows drawn = draw(fromMasks(1, 5_000), live);

    assertThat(shown()).isEqualTo(drawn.decoded(TOKENIZER::decode).get(0) + System.lineSeparator());
  }

  @Test
  void textsOfSeveralLengthsComeInTheOrderTheyWereAskedFor() {
    List<int[]> starts = List.of(masks(5), masks(3), masks(5), masks(4));

    DrawnRows drawn = draw(new RowSampling(sampler(), TOKENIZER.vocabulary(), starts, 7), plain);

    assertThat(drawn.decoded(TOKENIZER::decode))
        .extracting(String::length)
        .containsExactly(5, 3, 5, 4);
    assertThat(shown().lines()).isEqualTo(drawn.decoded(TOKENIZER::decode));
  }

  private static RowSampling fromMasks(int count, int length) {
    return new RowSampling(
        sampler(),
        TOKENIZER.vocabulary(),
        RowSampling.masks(TOKENIZER.vocabulary(), count, length),
        7);
  }

  private static int[] masks(int length) {
    return RowSampling.masks(TOKENIZER.vocabulary(), 1, length).get(0);
  }

  private static ReverseSampler sampler() {
    return new EventDrivenSampler(
        Decoding.of(MaskingSchedule.reference()), UnmaskingRule.ANCESTRAL, TimeGrid.cosine(4));
  }

  private DrawnRows draw(RowSampling sampling, RowObserver display) {
    return sampling.draw(uniform, display, SamplingListener.none());
  }

  private static RowObserver on(Terminal terminal) {
    return RowDisplay.ofText(terminal, TOKENIZER);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

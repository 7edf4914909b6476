package org.md4j.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.Denoiser;
import org.md4j.data.Text27Tokenizer;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingTrace;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.UnmaskingRule;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.factory.Nd4j;

class TextSamplingTest {
  private static final int MORE_THAN_A_SCREEN = 40;

  private final Denoiser uniform = input -> Nd4j.zeros(input.positions().length, 27);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final TextDisplay plain = on(Terminal.plain(out, out));
  private final TextDisplay live = on(new Terminal(out, out, true, true, 80));

  @Test
  void textsDoNotDependOnHowManyAreDrawnTogether() {
    TextSampling sampling = fromMasks(MORE_THAN_A_SCREEN, 100);

    List<String> drawn = draw(sampling, plain).strings();

    assertThat(draw(sampling, live).strings())
        .isEqualTo(drawn)
        .hasSize(MORE_THAN_A_SCREEN)
        .doesNotHaveDuplicates();
  }

  @Test
  void plainOutputIsALineATextWithoutEscapes() {
    DrawnTexts drawn = draw(fromMasks(2, 10), plain);

    assertThat(shown().lines()).isEqualTo(drawn.strings());
  }

  @Test
  void noDisplayShowsNothing() {
    draw(fromMasks(2, 10), TextDisplay.none());

    assertThat(shown()).isEmpty();
  }

  @Test
  void textsTooLongForTheScreenArePrintedWhenDone() {
    DrawnTexts drawn = draw(fromMasks(1, 5_000), live);

    assertThat(shown()).isEqualTo(drawn.strings().get(0) + System.lineSeparator());
  }

  @Test
  void textsOfSeveralLengthsComeInTheOrderTheyWereAskedFor() {
    List<int[]> starts = List.of(masks(5), masks(3), masks(5), masks(4));

    DrawnTexts drawn = draw(new TextSampling(sampler(), starts, 7), plain);

    assertThat(drawn.strings()).extracting(String::length).containsExactly(5, 3, 5, 4);
    assertThat(drawn.texts()).extracting(DrawnText::example).containsExactly(2L, 0L, 3L, 1L);
    assertThat(shown().lines()).isEqualTo(drawn.strings());
  }

  @Test
  void theTraceKnowsEachTextByItsNumber() {
    SamplingTrace trace = new SamplingTrace();
    TextSampling sampling = new TextSampling(sampler(), List.of(masks(5), masks(3)), 7);

    DrawnTexts drawn = sampling.draw(uniform, plain, trace);

    assertThat(trace.reveals())
        .allSatisfy(
            reveal ->
                assertThat(drawn.strings().get(reveal.example() == 0 ? 1 : 0))
                    .contains(new Text27Tokenizer().decode(new int[] {reveal.token()})))
        .hasSize(8);
    assertThat(drawn.cost().tokens()).isEqualTo(8);
  }

  private static TextSampling fromMasks(int count, int length) {
    return new TextSampling(sampler(), TextSampling.masks(count, length), 7);
  }

  private static int[] masks(int length) {
    return TextSampling.masks(1, length).get(0);
  }

  private static ReverseSampler sampler() {
    return new EventDrivenSampler(
        Decoding.of(MaskingSchedule.reference()), UnmaskingRule.ANCESTRAL, TimeGrid.cosine(4));
  }

  private DrawnTexts draw(TextSampling sampling, TextDisplay display) {
    return sampling.draw(uniform, display, SamplingListener.none());
  }

  private static TextDisplay on(Terminal terminal) {
    return TextDisplay.on(terminal, new Text27Tokenizer());
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

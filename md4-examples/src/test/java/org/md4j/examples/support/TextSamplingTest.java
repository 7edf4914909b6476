package org.md4j.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.Denoiser;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.factory.Nd4j;

class TextSamplingTest {
  private static final int MORE_THAN_A_SCREEN = 40;

  private final Denoiser uniform = input -> Nd4j.zeros(input.positions().length, 27);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void textsDoNotDependOnHowManyAreDrawnTogether() {
    TextSampling sampling = new TextSampling(MORE_THAN_A_SCREEN, 100, 4, 7);

    List<String> plain = draw(sampling, Terminal.plain(out, out));
    List<String> live = draw(sampling, new Terminal(out, out, true, true, 80));

    assertThat(live).isEqualTo(plain).hasSize(MORE_THAN_A_SCREEN).doesNotHaveDuplicates();
  }

  @Test
  void plainOutputIsALineATextWithoutEscapes() {
    List<String> texts = draw(new TextSampling(2, 10, 3, 1), Terminal.plain(out, out));

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).isEqualTo(texts);
  }

  private List<String> draw(TextSampling sampling, Terminal terminal) {
    return sampling.draw(uniform, MaskingSchedule.reference(), terminal);
  }
}

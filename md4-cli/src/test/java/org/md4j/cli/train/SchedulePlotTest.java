package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.data.TextData;
import org.md4j.core.Vocabulary;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.schedule.LearnedPolynomialSchedule;

class SchedulePlotTest {
  private static final Vocabulary VOCABULARY = new Text27Tokenizer().vocabulary();
  private static final int SPACE = 26;
  private static final int LINE = 0x3b6ea8;
  private static final int GREATEST = 0xc44e2c;
  private static final int MARKER = 0xd0deee;

  @TempDir private Path folder;

  @Test
  void isTwoChartsSideBySide() throws IOException {
    BufferedImage plot = plotOf(learned(), TextData.load(null, 16).frequencies());

    assertThat(plot.getWidth()).isGreaterThan(2 * plot.getHeight());
  }

  @Test
  void dependsOnPowersAndOnFrequencies() throws IOException {
    double[] frequencies = TextData.load(null, 16).frequencies();
    double[] other = frequencies.clone();
    other[SPACE] /= 2;

    plotOf(learned(), frequencies);
    byte[] plot = Files.readAllBytes(png());
    plotOf(LearnedPolynomialSchedule.perToken(VOCABULARY), frequencies);
    byte[] flat = Files.readAllBytes(png());
    plotOf(learned(), other);

    assertThat(flat).isNotEqualTo(plot);
    assertThat(Files.readAllBytes(png())).isNotEqualTo(plot);
  }

  @Test
  void oneSharedPowerAndSymbolsThatAreMissingAreNoTrouble() throws IOException {
    double[] onlySpaces = new double[VOCABULARY.size()];
    onlySpaces[SPACE] = 1;

    double[] twoSymbols = onlySpaces.clone();
    twoSymbols[0] = 0.1;

    BufferedImage one = plotOf(LearnedPolynomialSchedule.tied(VOCABULARY), onlySpaces);
    BufferedImage two = plotOf(LearnedPolynomialSchedule.tied(VOCABULARY), twoSymbols);

    assertThat(PlotColours.count(one, LINE)).isPositive();
    assertThat(PlotColours.count(one, GREATEST)).isZero();
    assertThat(PlotColours.count(one, MARKER)).isPositive();
    assertThat(PlotColours.count(two, MARKER)).isGreaterThan(PlotColours.count(one, MARKER));
  }

  @Test
  void frequenciesAreSharesOfTheTrainingText() {
    TextData data = TextData.load(null, 16);
    double[] frequencies = data.frequencies();
    long spaces = 0;
    for (long n = 0; n < data.trainingText().length(); n++) {
      spaces += data.trainingText().token(n) == SPACE ? 1 : 0;
    }

    assertThat(Arrays.stream(frequencies).sum()).isBetween(1 - 1e-12, 1 + 1e-12);
    assertThat(frequencies[SPACE]).isEqualTo((double) spaces / data.trainingText().length());
  }

  @Test
  void frequenciesOfAnotherVocabularyAreRefused() {
    assertThatThrownBy(() -> plotOf(learned(), new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frequencies must have shape [V] = [27], got [2]");
  }

  private static LearnedPolynomialSchedule learned() {
    double[] powers = new double[VOCABULARY.size()];
    Arrays.setAll(powers, token -> 0.8 + 0.02 * token);
    return LearnedPolynomialSchedule.ofPowers(VOCABULARY, powers);
  }

  private BufferedImage plotOf(LearnedPolynomialSchedule schedule, double[] frequencies)
      throws IOException {
    SchedulePlot.write(schedule, frequencies, new Text27Tokenizer(), png());
    return ImageIO.read(png().toFile());
  }

  private Path png() {
    return folder.resolve("schedule.png");
  }
}

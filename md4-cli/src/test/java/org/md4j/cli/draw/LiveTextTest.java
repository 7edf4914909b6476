package org.md4j.cli.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jline.utils.WCWidth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.sampling.DrawnRow;

class LiveTextTest {
  private static final String ESCAPE = "\u001b\\[[0-9]*[A-Za-z]";

  /** Columns of a terminal wider than a line. */
  private static final int WIDE = 80;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Tokenizer tokenizer = new Text27Tokenizer();

  @Test
  void theStartIsShownBeforeTheFirstRound() {
    live("ab", "__");

    assertThat(drawn().replaceAll(ESCAPE, "")).isEqualTo("ab\n\n__\n\n");
  }

  @Test
  void aFrameIsRedrawnInPlace() {
    LiveText live = live("ab", "__");
    bytes.reset();

    live.onRound(batch("ab", "cd"));

    assertThat(drawn()).startsWith("\u001b[4A");
    assertThat(drawn().replaceAll(ESCAPE, "")).isEqualTo("ab\n\ncd\n\n");
  }

  @Test
  void freshTokensStandOutForOneRound() {
    LiveText live = live("__");
    live.onRound(batch("a_"));
    bytes.reset();

    live.onRound(batch("ab"));
    assertThat(drawn()).contains("a\u001b[0m\u001b[1mb");
    bytes.reset();

    live.onRound(batch("ab"));
    assertThat(drawn()).doesNotContain("\u001b[1m");
  }

  @Test
  void whatWasFilledInStaysColouredBesideWhatWasGiven() {
    LiveText live = live("a_c");
    live.onRound(batch("abc"));
    bytes.reset();

    live.onRound(batch("abc"));

    assertThat(drawn()).contains("a\u001b[0m\u001b[36mb\u001b[0mc");
  }

  @Test
  void aTextDrawnFromNothingIsPlainInTheEnd() {
    LiveText live = live("___");
    live.onRound(batch("abc"));
    bytes.reset();

    live.onRound(batch("abc"));

    assertThat(drawn()).contains("abc");
  }

  @Test
  void longRowsAreWrapped() {
    live("a".repeat(LiveText.COLUMNS + 1));

    assertThat(drawn().replaceAll(ESCAPE, "")).isEqualTo("a".repeat(LiveText.COLUMNS) + "\na\n\n");
  }

  /** Words of different lengths: a frame has other lines than the one before it. */
  @Test
  void wordsAreRedrawnInPlaceHoweverManyLinesTheyTake() {
    Tokenizer words = new Gpt2Tokenizer();
    int mask = words.vocabulary().maskId();
    int[] end = words.encode(" extraordinarily long\nwords".repeat(6));
    int[] start = new int[end.length];
    Arrays.fill(start, mask);
    LiveText live =
        new LiveText(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            WIDE,
            words,
            TokenBatch.of(words.vocabulary(), start));
    bytes.reset();

    live.onRound(TokenBatch.of(words.vocabulary(), end));
    String first = drawn();
    bytes.reset();
    live.onRound(TokenBatch.of(words.vocabulary(), start));

    String expected = words.decode(end).replace('\n', '\u21b5');
    int lines = (expected.length() + LiveText.COLUMNS - 1) / LiveText.COLUMNS + 1;
    assertThat(first).startsWith("\u001b[2A").endsWith("\u001b[J");
    assertThat(first.replaceAll(ESCAPE, "").replace("\n", "")).isEqualTo(expected);
    assertThat(first.chars().filter(c -> c == '\n').count()).isEqualTo(lines);
    assertThat(drawn()).startsWith("\u001b[" + lines + "A");
    assertThat(drawn().replaceAll(ESCAPE, "")).isEqualTo("_".repeat(start.length) + "\n\n");
  }

  @Test
  void whatIsFilledInBetweenWordsIsColoured() {
    Tokenizer words = new Gpt2Tokenizer();
    int[] end = words.encode("the old cat");
    int[] start = end.clone();
    start[1] = words.vocabulary().maskId();

    assertThat(LiveText.coloured(new DrawnRow(0, start, end), words))
        .isEqualTo("the\u001b[36m old\u001b[0m cat");
  }

  @Test
  void aLineHoldsHalfAsManyLettersOfTwoColumnsAndMarksTakeNone() {
    Tokenizer words = new Gpt2Tokenizer();
    String wide = "漢".repeat(LiveText.COLUMNS / 2);
    String marked = "e\u0301".repeat(LiveText.COLUMNS);
    new LiveText(
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        WIDE,
        words,
        TokenBatch.of(words.vocabulary(), words.encode("a" + wide + marked)));

    assertThat(drawn().replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "").lines())
        .containsExactly(
            "a" + wide.substring(1),
            "漢" + "e\u0301".repeat(LiveText.COLUMNS - 2),
            "e\u0301".repeat(2),
            "");
  }

  /** Two columns a letter as well, which may leave the last column of a line empty. */
  @ParameterizedTest
  @ValueSource(ints = {20, 21, 40, 63, 64, 65, 200})
  void linesFitIntoANarrowTerminalAndAreCounted(int columns) {
    Tokenizer words = new Gpt2Tokenizer();
    int[] row = words.encode("a漢bc".repeat(30));
    TokenBatch batch = TokenBatch.of(words.vocabulary(), row);
    LiveText live =
        new LiveText(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns, words, batch);
    List<String> lines = drawn().replaceAll(ESCAPE, "").lines().toList();
    bytes.reset();

    live.onRound(batch);

    assertThat(lines)
        .allSatisfy(
            line -> assertThat(columns(line)).isLessThanOrEqualTo(Math.min(columns - 1, 64)));
    assertThat(String.join("", lines)).isEqualTo("a漢bc".repeat(30));
    assertThat(drawn()).startsWith("\u001b[" + lines.size() + "A");
  }

  private static int columns(String line) {
    return line.codePoints().map(WCWidth::wcwidth).sum();
  }

  @Test
  void fewerSamplesFitOnANarrowScreen() {
    assertThat(LiveText.rowsThatFit(256, 20)).isEqualTo(1);
    assertThat(LiveText.rowsThatFit(256, 200)).isEqualTo(LiveText.rowsThatFit(256, 65));
  }

  @Test
  void threeSamplesOfAnUsualLengthFitOnTheScreen() {
    assertThat(LiveText.rowsThatFit(256, WIDE)).isGreaterThanOrEqualTo(3);
    assertThat(LiveText.rowsThatFit(100_000, WIDE)).isZero();
  }

  private LiveText live(String... start) {
    return new LiveText(
        new PrintStream(bytes, true, StandardCharsets.UTF_8), WIDE, tokenizer, batch(start));
  }

  private String drawn() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private TokenBatch batch(String... rows) {
    int mask = tokenizer.vocabulary().maskId();
    int[][] tokens = new int[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      tokens[row] =
          rows[row]
              .chars()
              .map(c -> c == '_' ? mask : tokenizer.encode("" + (char) c)[0])
              .toArray();
    }
    return TokenBatch.of(tokenizer.vocabulary(), tokens);
  }
}

package org.md4j.cli.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.md4j.data.Tokenizer;
import org.md4j.data.image.ImageShape;
import org.md4j.sampling.SamplingTrace;

/**
 * A page that shows how texts or pictures were unmasked: a slider through the steps, every position
 * coloured by the entropy of the prediction it was drawn from, the order of reveals, and how all of
 * it was made.
 *
 * <p>A page holds at most {@value #MOST_BYTES} bytes. Where everything would be more, it shows the
 * first ones only, and of a single one that is still too much, several steps as one; it says so.
 */
public final class SamplingReport {
  /** Tokens of the longest text or largest picture that fits on a page. */
  public static final int LONGEST = 20_000;

  static final int MOST_BYTES = 1_900_000;

  private static final int PICTURE_MASK = 256;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String title;
  private final Layout layout;
  private final List<String> symbols;
  private final @Nullable ImageShape shape;
  private final Map<String, String> protocol;
  private final List<ReportSample> samples = new ArrayList<>();

  private SamplingReport(
      String title,
      Layout layout,
      List<String> symbols,
      @Nullable ImageShape shape,
      Map<String, String> protocol) {
    this.title = title;
    this.layout = layout;
    this.symbols = symbols;
    this.shape = shape;
    this.protocol = protocol;
  }

  /**
   * A report without texts.
   *
   * @param title a line about the whole
   * @param tokenizer spells the tokens
   * @param protocol how the texts were made, in the order it is to be shown
   */
  public static SamplingReport ofTexts(
      String title, Tokenizer tokenizer, Map<String, String> protocol) {
    List<String> symbols =
        IntStream.rangeClosed(0, tokenizer.vocabulary().maskId())
            .mapToObj(token -> tokenizer.decode(new int[] {token}))
            .toList();
    Layout layout = tokenizer.joinsSpaces() ? Layout.WORDS : Layout.TEXTS;
    return new SamplingReport(title, layout, symbols, null, protocol);
  }

  /**
   * A report without pictures.
   *
   * @param title a line about the whole
   * @param shape of the pictures, of 256 values a colour
   * @param protocol how the pictures were made, in the order it is to be shown
   */
  public static SamplingReport ofPictures(
      String title, ImageShape shape, Map<String, String> protocol) {
    List<String> symbols =
        IntStream.rangeClosed(0, PICTURE_MASK)
            .mapToObj(token -> token == PICTURE_MASK ? "masked" : Integer.toString(token))
            .toList();
    return new SamplingReport(title, Layout.PICTURES, symbols, shape, protocol);
  }

  /**
   * Adds a text or a picture.
   *
   * @param name what to call it
   * @param start [N], what it started as; N at most {@value #LONGEST}
   * @param trace what happened to it
   * @param example under this number
   */
  public void add(String name, int[] start, SamplingTrace trace, long example) {
    if (start.length > LONGEST) {
      throw new IllegalArgumentException(
          "start must have shape [N] with N at most " + LONGEST + ", got [" + start.length + "]");
    }
    samples.add(ReportSample.of(name, start.clone(), trace.eventsOf(example), symbols.size() - 1));
  }

  /** The page, in UTF-8 at most {@value #MOST_BYTES} bytes. */
  public String toHtml() {
    int mask = symbols.size() - 1;
    List<ReportSample> shown = samples;
    int together = 1;
    String page = page(shown, together);
    while (page.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      if (shown.size() > 1) {
        shown = shown.subList(0, shown.size() / 2);
      } else {
        together *= 2;
        int steps = together;
        shown = samples.subList(0, 1).stream().map(one -> one.merged(steps, mask)).toList();
      }
      page = page(shown, together);
    }
    return page;
  }

  private String page(List<ReportSample> shown, int together) {
    Data data =
        new Data(
            title, note(shown.size(), together), protocol, layout.tokens, symbols, shape, shown);
    return resource("report.html")
        .replace("@@STYLE@@", resource("report.css"))
        .replace("@@VIEWS@@", layout.radioButtons())
        .replace("@@HINT@@", layout.hint)
        .replace(
            "@@SCRIPT@@",
            resource("timeline.js")
                + resource("page.js")
                + resource(layout.script)
                + resource("controls.js"))
        .replace("@@DATA@@", json(data));
  }

  private String note(int shown, int together) {
    StringBuilder note = new StringBuilder();
    if (shown < samples.size()) {
      note.append("The first ").append(shown).append(" of ").append(samples.size());
      note.append(' ').append(layout.rows).append(" are shown, to keep this page small.");
    }
    if (together > 1) {
      note.append(" Every ").append(together).append(" steps are shown as one.");
    }
    return note.toString().strip();
  }

  /** JSON that can stand inside a script element: no text in it can end the element. */
  private static String json(Data data) {
    try {
      return JSON.writeValueAsString(data).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream file =
        Objects.requireNonNull(SamplingReport.class.getResourceAsStream(name))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What differs between pages of texts and of pictures. */
  private enum Layout {
    TEXTS(
        "texts",
        "characters",
        "texts.js",
        false,
        "Point at a character, or move through the text with the arrow keys, to see how it was"
            + " drawn."),
    WORDS(
        "texts",
        "tokens",
        "texts.js",
        false,
        "Point at a token, or move through the text with the arrow keys, to see how it was"
            + " drawn."),
    PICTURES(
        "pictures",
        "colours",
        "pictures.js",
        true,
        "Point at a pixel, or move through a picture with the arrow keys, to see how it was"
            + " drawn.");

    private final String rows;
    private final String tokens;
    private final String script;
    private final boolean showsValues;
    private final String hint;

    Layout(String rows, String tokens, String script, boolean showsValues, String hint) {
      this.rows = rows;
      this.tokens = tokens;
      this.script = script;
      this.showsValues = showsValues;
      this.hint = hint;
    }

    /** A radio button a way to colour positions, the first one chosen. */
    String radioButtons() {
      StringBuilder buttons = new StringBuilder();
      Stream.of("values", "entropy", "probability", "order")
          .filter(view -> showsValues || !view.equals("values"))
          .forEach(
              view ->
                  buttons.append(
                      "        <label><input type=\"radio\" name=\"view\" value=\"%s\"%s> %s</label>%n"
                          .formatted(
                              view,
                              buttons.length() == 0 ? " checked" : "",
                              view.equals("order") ? "reveal order" : view)));
      return buttons.toString().stripTrailing();
    }
  }

  /** What the scripts read; the shape is null on a page of texts. */
  private record Data(
      String title,
      String note,
      Map<String, String> protocol,
      String tokens,
      List<String> symbols,
      @Nullable ImageShape shape,
      List<ReportSample> samples) {}
}

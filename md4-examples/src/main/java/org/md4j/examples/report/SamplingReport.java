package org.md4j.examples.report;

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
import org.md4j.data.Tokenizer;

/**
 * A page that shows how texts were unmasked: a slider through the steps, every position coloured by
 * the entropy of the prediction it was drawn from, the order of reveals, and how all of it was
 * made.
 *
 * <p>A page holds at most {@value #MOST_BYTES} bytes. Where everything would be more, it shows the
 * first texts only, and of a single text that is still too much, several steps as one; it says so.
 */
public final class SamplingReport {
  /** Characters of the longest text that fits on a page. */
  public static final int LONGEST = 20_000;

  static final int MOST_BYTES = 1_900_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String title;
  private final Tokenizer tokenizer;
  private final Map<String, String> protocol;
  private final List<ReportSample> samples = new ArrayList<>();

  /**
   * A report without texts.
   *
   * @param title a line about the whole
   * @param tokenizer spells the tokens
   * @param protocol how the texts were made, in the order it is to be shown
   */
  public SamplingReport(String title, Tokenizer tokenizer, Map<String, String> protocol) {
    this.title = title;
    this.tokenizer = tokenizer;
    this.protocol = protocol;
  }

  /**
   * Adds a text.
   *
   * @param name what to call it
   * @param start [N], what it started as; N at most {@value #LONGEST}
   * @param trace what happened to it
   * @param example under this number
   */
  public void add(String name, int[] start, ReportTrace trace, long example) {
    if (start.length > LONGEST) {
      throw new IllegalArgumentException(
          "start must have shape [N] with N at most " + LONGEST + ", got [" + start.length + "]");
    }
    samples.add(ReportSample.of(name, start.clone(), trace.of(example)));
  }

  /** The page, in UTF-8 at most {@value #MOST_BYTES} bytes. */
  public String toHtml() {
    int mask = tokenizer.vocabulary().maskId();
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
    Data data = new Data(title, note(shown.size(), together), protocol, symbols(), shown);
    return resource("report.html")
        .replace("@@STYLE@@", resource("report.css"))
        .replace("@@SCRIPT@@", resource("timeline.js") + resource("page.js"))
        .replace("@@DATA@@", json(data));
  }

  private String note(int shown, int together) {
    StringBuilder note = new StringBuilder();
    if (shown < samples.size()) {
      note.append("The first ").append(shown).append(" of ").append(samples.size());
      note.append(" texts are shown, to keep this page small.");
    }
    if (together > 1) {
      note.append(" Every ").append(together).append(" steps are shown as one.");
    }
    return note.toString().strip();
  }

  /** How each token is written, the mask last. */
  private List<String> symbols() {
    return IntStream.rangeClosed(0, tokenizer.vocabulary().maskId())
        .mapToObj(token -> tokenizer.decode(new int[] {token}))
        .toList();
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

  /** What page.js reads. */
  private record Data(
      String title,
      String note,
      Map<String, String> protocol,
      List<String> symbols,
      List<ReportSample> samples) {}
}

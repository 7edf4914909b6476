package org.md4j.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.sampling.SamplingTrace;

class SamplingReportTest {
  private static final int TWO_MEGABYTES = 2_000_000;
  private static final Pattern DATA =
      Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>");

  @Test
  void holdsEveryEventOfEveryText() throws JsonProcessingException {
    JsonNode data = data(Reports.twoTexts("two").toHtml());

    JsonNode second = data.at("/samples/1");
    assertThat(second.get("name").asText()).isEqualTo("Text 2");
    assertThat(second.get("start")).hasToString("[19,14,27]");
    assertThat(second.get("steps")).hasToString("[1,4,9]");
    assertThat(second.get("times")).hasToString("[1.0,0.5,0.25]");
    assertThat(second.get("positions")).hasToString("[2,2,2]");
    assertThat(second.get("tokens")).hasToString("[23,27,14]");
    assertThat(second.get("probabilities")).hasToString("[0.125,0.0,0.875]");
    assertThat(second.get("entropies")).hasToString("[3.25,0.0,0.25]");
    assertThat(data.at("/samples/0/tokens")).hasToString("[2,1,0]");
    assertThat(data.get("symbols")).hasSize(28);
    assertThat(data.at("/symbols/26").asText()).isEqualTo(" ");
    assertThat(data.at("/protocol/sampler").asText()).isEqualTo("remasking");
    assertThat(data.get("note").asText()).isEmpty();
  }

  @Test
  void noTextCanEndTheScript() throws JsonProcessingException {
    String title = "</script><script>alert(1)</script><!-- @@SCRIPT@@";

    String page = Reports.twoTexts(title).toHtml();

    assertThat(page).doesNotContain("alert(1)</script>");
    assertThat(data(page).get("title").asText()).isEqualTo(title);
  }

  @Test
  void refersToNothingOutsideThePage() {
    String page = Reports.twoTexts("two").toHtml();

    assertThat(page).contains("default-src 'none'").doesNotContain("@import", "url(", "src=");
    assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("://");
  }

  @Test
  void picturesComeWithTheirShapeAndEveryValue() throws JsonProcessingException {
    String page = Reports.twoPictures("pictures").toHtml();
    JsonNode data = data(page);

    assertThat(data.at("/shape/height").asInt()).isEqualTo(1);
    assertThat(data.at("/shape/width").asInt()).isEqualTo(2);
    assertThat(data.at("/shape/colours").asInt()).isEqualTo(3);
    assertThat(data.get("symbols")).hasSize(257);
    assertThat(data.at("/samples/1/start")).hasToString("[1,2,3,256,5,6]");
    assertThat(data.at("/samples/1/tokens")).hasToString("[9,256,200]");
    assertThat(page)
        .contains("value=\"values\" checked")
        .doesNotContain("@@", "url(", "src=")
        .doesNotContain("Point at a character");
  }

  @Test
  void aPageOfWordsSpeaksOfTokens() throws JsonProcessingException {
    String words = SamplingReport.ofTexts("words", new Gpt2Tokenizer(), Map.of()).toHtml();
    String letters = SamplingReport.ofTexts("letters", Reports.TOKENIZER, Map.of()).toHtml();

    assertThat(words).contains("Point at a token").doesNotContain("Point at a character");
    assertThat(data(words).get("tokens").asText()).isEqualTo("tokens");
    assertThat(words.length()).isLessThan(SamplingReport.MOST_BYTES / 2);
    assertThat(letters).contains("Point at a character").doesNotContain("Point at a token");
    assertThat(data(letters).get("tokens").asText()).isEqualTo("characters");
  }

  @Test
  void manyTextsAreShownInPartToStayUnderTwoMegabytes() throws JsonProcessingException {
    String page = Reports.restless(40, 256, 10).toHtml();

    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(TWO_MEGABYTES);
    JsonNode data = data(page);
    assertThat(data.get("samples")).hasSize(10);
    assertThat(data.get("note").asText()).contains("The first 10 of 40 texts");
  }

  @Test
  void stepsOfOneTextAreMergedToStayUnderTwoMegabytes() throws JsonProcessingException {
    SamplingReport report = Reports.restless(1, 300, 512);

    String page = report.toHtml();

    assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(TWO_MEGABYTES);
    JsonNode data = data(page);
    assertThat(data.get("note").asText()).contains("steps are shown as one");
    JsonNode sample = data.at("/samples/0");
    int[] end = new int[300];
    for (int i = 0; i < sample.get("tokens").size(); i++) {
      end[sample.at("/positions/" + i).asInt()] = sample.at("/tokens/" + i).asInt();
    }
    assertThat(Arrays.stream(end)).allMatch(token -> token < Reports.MASK);
  }

  @Test
  void mergedStepsKeepWhatWasLastAndDropWhatCameToNothing() {
    int mask = Reports.MASK;
    ReportSample sample =
        new ReportSample(
            "text",
            new int[] {mask, mask},
            new int[] {1, 1, 2, 3, 4, 5},
            new double[6],
            new int[] {0, 1, 1, 1, 0, 0},
            new int[] {7, 8, mask, 9, mask, 5},
            new double[6],
            new double[6]);

    ReportSample merged = sample.merged(4, mask);

    // Steps 1 to 3: position 0 becomes 7, position 1 ends as 9; steps 4 and 5: 0 becomes 5.
    assertThat(merged.positions()).containsExactly(0, 1, 0);
    assertThat(merged.tokens()).containsExactly(7, 9, 5);
    assertThat(merged.steps()).containsExactly(1, 3, 5);

    // In steps 2 and 3 position 1 is masked and drawn again; with step 1 apart, both count as one.
    assertThat(sample.merged(2, mask).tokens()).containsExactly(7, 8, 9, 5);
  }

  @Test
  void textsLongerThanAPageAreRefused() {
    SamplingReport report = SamplingReport.ofTexts("long", Reports.TOKENIZER, Map.of());
    SamplingTrace trace = new SamplingTrace();

    assertThatThrownBy(() -> report.add("x", new int[SamplingReport.LONGEST + 1], trace, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 20000");
  }

  private static JsonNode data(String page) throws JsonProcessingException {
    Matcher data = DATA.matcher(page);
    assertThat(data.find()).isTrue();
    return new ObjectMapper().readTree(data.group(1));
  }
}

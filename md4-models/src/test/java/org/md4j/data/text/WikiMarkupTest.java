package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WikiMarkupTest {
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "'''Bold''' and ''sloped''. | Bold and sloped.",
        "A [[link]], [[target#part\u00a6shown]], [[:Category:Seen]]s. | A link, shown, Category:Seens.",
        "[[File:a.jpg\u00a6thumb\u00a6A [[boat]] at sea]]Text[[Category:Boats]][[de:Boot]] | Text",
        "[[2001: A Space Odyssey]] | 2001: A Space Odyssey",
        "[http://a.b c d] and [https://a.b]. | c d and .",
        "{{Infobox{{nested}}\u00a6x=1}}Text {{cite}}here. | Text here.",
        "Fact.<ref name=\"a\">Book, {{p}} 1</ref> Next.<ref name=a /> | Fact. Next.",
        "a<!-- no, {{ -->b <small>c</small> <math>x^2</math>d | ab c d",
        "x&nbsp;y &amp;amp; &#8211; &#x2014; &unknown; | x y &amp; \u2013 \u2014 &unknown;",
        "Albedo ({{IPA}}, {{s}}) is () f(x). | Albedo is f(x).",
        "[[Datei:a.jpg!thumb]]Text, [/usr/bin and], [mailto:a@b.c mail] | Text, [/usr/bin and], mail",
        "<REF>Book</REF>a <ref>b | a b",
        "open {{ stays, so does }} and ]] | open  and ]]",
        "{{open [[a\u00a6b]] stays | {{open b stays",
      })
  void showsWhatAReaderSees(String markup, String text) {
    assertThat(WikiMarkup.plain(markup.replace('\u00a6', '|'), Set.of("datei")))
        .isEqualTo(text + "\n");
  }

  @Test
  void headingsListsAndTablesBecomeLines() {
    String article =
        """
        == Early life ==
        ===== a = b =====
        * one
        ** two
        {| class="wikitable"
        ! a
        |-
        | b {| nested |}
        |}
        ----
        __NOTOC__


        End.<br/>Really.
        """;

    assertThat(WikiMarkup.plain(article, Set.of()))
        .isEqualTo("Early life\na = b\none\ntwo\n\nEnd.\nReally.\n");
  }

  /** What opens and is never closed, a million times: one pass, not one a sign. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{[[", "[[a|", "<!--", "<ref>", "<ref ", "[//", "[// ", "<a", "== ", "=", " ", "( ", "__A",
        "\'\'", "* ", "&", "[[a]]"
      })
  void hostileTextTakesLinearTime(String sign) {
    String text = "=" + sign.repeat(1_000_000 / sign.length()) + "x\n<a";

    assertTimeoutPreemptively(AT_MOST, () -> WikiMarkup.plain(text, Set.of()));
  }

  @Test
  void linksWithinLinksAreShownHoweverDeep() {
    String deep = "[[a|".repeat(20_000) + "b" + "]]".repeat(20_000);

    assertThat(WikiMarkup.plain("[[a|[[b|[[c|d]] e]] f]]", Set.of())).isEqualTo("d e f\n");
    assertTimeoutPreemptively(AT_MOST, () -> WikiMarkup.plain(deep, Set.of()));
  }
}

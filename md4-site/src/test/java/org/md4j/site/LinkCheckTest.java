package org.md4j.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A link is broken if, and only if, it leads nowhere. */
class LinkCheckTest {
  @TempDir Path site;

  @BeforeEach
  void writeOtherPages() throws IOException {
    Files.createDirectories(site.resolve("folder"));
    Files.createDirectories(site.resolve("empty"));
    Files.writeString(
        site.resolve("folder/index.html"), "<p id=\"here\"></p><a id=\"&lt;init&gt;()\"></a>");
    Files.writeString(site.resolve("a b.png"), "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "page.html",
        "",
        "#own",
        "folder/index.html#here",
        "folder/#here",
        "folder/index.html#%3Cinit%3E()",
        "folder/../page.html?x=1",
        "a%20b.png",
        "https://example.org/x?y=z#gone",
        "mailto:someone@example.org"
      })
  void whatLeadsSomewhereIsFine(String link) throws IOException {
    writePage(link);

    assertThat(LinkCheck.of(site).broken()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gone.html, leads to no file",
    "empty, leads to no file",
    "#gone, leads to an anchor that is not on that page",
    "folder/index.html#own, leads to an anchor that is not on that page",
    "../page.html, leads out of the site",
    "https:///x, names no host",
    "https://exa mple.org, is no address",
    "htps://example.org, must begin with one of"
  })
  void whatLeadsNowhereIsReported(String link, String reason) throws IOException {
    writePage(link);

    assertThat(LinkCheck.of(site).broken())
        .singleElement()
        .satisfies(broken -> assertThat(broken.page()).isEqualTo("page.html"))
        .satisfies(broken -> assertThat(broken.target()).isEqualTo(link))
        .satisfies(broken -> assertThat(broken.reason()).startsWith(reason));
  }

  @Test
  void sourcesOfPicturesAreLinks() throws IOException {
    Files.writeString(site.resolve("page.html"), "<img src=\"gone.png\" alt=\"\">");

    assertThat(BrokenLink.lines(LinkCheck.of(site).broken()))
        .isEqualTo("page.html: \"gone.png\" leads to no file");
  }

  private void writePage(String link) throws IOException {
    Files.writeString(
        site.resolve("page.html"), "<h1 id=\"own\">A</h1><a href=\"" + link + "\">it</a>");
  }
}

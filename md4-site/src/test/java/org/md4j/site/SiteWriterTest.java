package org.md4j.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of this project has no broken link, and that of a small one is what it should be. */
class SiteWriterTest {
  @TempDir Path repository;
  @TempDir Path site;

  @BeforeEach
  void writeRepository() throws IOException {
    write("README.md", "# Hello & welcome\n\n[math](docs/math.md#a-formula-its-use) [all](src)\n");
    write("docs/math.md", "# Math\n\n## A formula, its use\n\n![x](x.png) [home](../README.md)\n");
    write("docs/x.png", "a picture");
    write("docs/guide/README.md", "# Guide\n\n[first](first.md) [src](../../src)\n");
    write("docs/guide/first.md", "# First\n\n[all](../guide) [top](README.md)\n");
    write("src/A.java", "class A<T> {}\n");
    write("src/target/B.java", "class B {}\n");
  }

  @Test
  void everyLinkOfThisProjectsPagesLeadsSomewhere() throws IOException {
    List<Path> pages = new SiteWriter(Path.of(".."), site).write();

    assertThat(pages).contains(Path.of("index.html"), Path.of("docs/math.html"));
    assertThat(BrokenLink.lines(LinkCheck.of(site).broken())).isEmpty();
  }

  @Test
  void writesWhatIsLinkedTo() throws IOException {
    assertThat(new SiteWriter(repository, site).write())
        .map(Path::toString)
        .containsExactly(
            "docs/guide/first.html",
            "docs/guide/index.html",
            "docs/math.html",
            "docs/x.png",
            "index.html",
            "src/A.java.html",
            "src/index.html");
    assertThat(LinkCheck.of(site).broken()).isEmpty();
  }

  @Test
  void linksBetweenPages() throws IOException {
    new SiteWriter(repository, site).write();

    assertThat(read("index.html"))
        .contains(
            "<title>Hello &amp; welcome</title>",
            "<a href=\"docs/math.html#a-formula-its-use\">math</a>",
            "<a href=\"src/index.html\">all</a>");
    assertThat(read("docs/math.html"))
        .contains("<a href=\"../index.html\">home</a>", "src=\"x.png\"", "href=\"../style.css\"");
    assertThat(read("docs/guide/first.html"))
        .contains("<a href=\"index.html\">all</a>", "<a href=\"index.html\">top</a>");
    assertThat(read("src/A.java.html")).contains("<pre>class A&lt;T&gt; {}\n</pre>");
  }

  @Test
  void linksToJavadocWhereThereIsSome() throws IOException {
    Files.createDirectories(site.resolve("apidocs"));
    Files.writeString(site.resolve("apidocs/index.html"), "");

    new SiteWriter(repository, site).write();

    assertThat(read("docs/math.html")).contains("<a href=\"../apidocs/index.html\">Javadoc</a>");
  }

  @Test
  void leavesBrokenLinksForTheCheckToFind() throws IOException {
    write("docs/math.md", "# Math\n\n[a](gone.md) [b](../../out.md) [c](../README.md#gone)\n");

    new SiteWriter(repository, site).write();

    assertThat(LinkCheck.of(site).broken())
        .map(BrokenLink::target)
        .contains("gone.md", "../../out.md", "../index.html#gone");
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(repository.resolve(path).resolveSibling("."));
    Files.writeString(repository.resolve(path), text);
  }

  private String read(String page) throws IOException {
    return Files.readString(site.resolve(page));
  }
}

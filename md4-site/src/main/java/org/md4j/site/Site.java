package org.md4j.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the site beside the Javadoc that is there already, and fails if a link leads nowhere. */
public final class Site {
  /** JDK 17 writes a link to the first part of packages' names on this page, but not its anchor. */
  private static final String CONSTANTS = "apidocs/constant-values.html";

  private Site() {}

  /**
   * Takes two arguments: the folder of the repository, and the folder of the site, in which {@code
   * apidocs} holds the Javadoc.
   *
   * @throws IllegalStateException if a link of any page, Javadoc included, leads nowhere
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "arguments (%s) must be the folders of repository and site, got %d"
              .formatted(String.join(" ", arguments), arguments.length));
    }
    Path site = Path.of(arguments[1]);
    if (!Files.isRegularFile(site.resolve("apidocs/index.html"))) {
      throw new IllegalStateException(site + " must hold the Javadoc in apidocs, found none");
    }
    List<Path> pages = new SiteWriter(Path.of(arguments[0]), site).write();
    List<BrokenLink> broken =
        LinkCheck.of(site).broken().stream()
            .filter(link -> !link.page().equals(CONSTANTS))
            .toList();
    if (!broken.isEmpty()) {
      throw new IllegalStateException(
          "every link must lead somewhere, got %d that do not:%n%s"
              .formatted(broken.size(), BrokenLink.lines(broken)));
    }
    pages.forEach(System.out::println);
    System.out.printf(
        "%d pages and the Javadoc in %s, all links lead somewhere%n", pages.size(), site);
  }
}

package org.md4j.site;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is around the text of every page: the head, and at its side links to the main pages. */
final class PageFrame {
  private final Map<Path, String> titles;

  /** Links to these pages of the site from every page, in this order, by their titles. */
  PageFrame(Map<Path, String> titles) {
    this.titles = new LinkedHashMap<>(titles);
  }

  /** Returns a whole page, given its place on the site, its title as text and its body as HTML. */
  String around(Path page, String title, String body) {
    StringBuilder links = new StringBuilder();
    titles.forEach(
        (path, name) -> {
          String here = path.equals(page) ? " class=\"here\"" : "";
          String way = relative(page, path);
          links.append("<li%s><a href=\"%s\">%s</a></li>\n".formatted(here, way, escaped(name)));
        });
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <link rel="stylesheet" href="%s">
        </head>
        <body>
        <nav>
        <ul>
        %s</ul>
        </nav>
        <main>
        %s</main>
        </body>
        </html>
        """
        .formatted(escaped(title), relative(page, Path.of("style.css")), links, body);
  }

  /** Returns the way from one page of the site to another. */
  static String relative(Path from, Path to) {
    Path folder = from.getParent();
    return (folder == null ? to : folder.relativize(to)).toString().replace('\\', '/');
  }

  /** Returns text as HTML. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

package org.md4j.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the repository's Markdown pages, and whatever they link to, as a site with the same
 * folders: {@code docs/math.md} becomes {@code docs/math.html}, a README the first page of its
 * folder, a picture is copied, any other folder becomes a page of its files, any other file a page
 * of its text.
 */
final class SiteWriter {
  private static final Path README = Path.of("README.md");
  private static final Path API = Path.of("apidocs", "index.html");

  private final Path repository;
  private final Path site;
  private final Deque<Path> waiting = new ArrayDeque<>();
  private final Set<Path> wanted = new HashSet<>();

  /** Reads from one folder and writes to another, which is made where it is missing. */
  SiteWriter(Path repository, Path site) {
    this.repository = repository.toAbsolutePath().normalize();
    this.site = site.toAbsolutePath().normalize();
  }

  /** Writes all pages and returns where they are on the site, sorted; Javadoc is not among them. */
  List<Path> write() throws IOException {
    List<Path> documents = documents();
    PageFrame frame = new PageFrame(titles(documents));
    documents.forEach(this::want);
    List<Path> pages = new ArrayList<>();
    while (!waiting.isEmpty()) {
      Path source = waiting.remove();
      Path page = page(source);
      Path file = site.resolve(page);
      Files.createDirectories(file.resolveSibling("."));
      if (isPicture(source)) {
        Files.copy(repository.resolve(source), file, StandardCopyOption.REPLACE_EXISTING);
      } else if (isMarkdown(source)) {
        MarkdownPage document = read(source);
        String body = document.html(link -> link(source, link));
        Files.writeString(file, frame.around(page, document.title(), body));
      } else {
        String body = isFolder(source) ? listing(source) : text(source);
        String heading = "<h1>" + PageFrame.escaped(source.toString()) + "</h1>\n";
        Files.writeString(file, frame.around(page, source.toString(), heading + body));
      }
      pages.add(page);
    }
    try (InputStream style = SiteWriter.class.getResourceAsStream("style.css")) {
      Files.copy(
          Objects.requireNonNull(style, "style.css"),
          site.resolve("style.css"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return pages.stream().sorted().toList();
  }

  /** Returns what readers find without a link: README, docs, the starts of guides, the rest. */
  private List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(README));
    Path docs = repository.resolve("docs");
    try (Stream<Path> files = Files.walk(docs)) {
      files
          .filter(file -> isMarkdown(file) && (file.endsWith(README) || isIn(docs, file)))
          .map(repository::relativize)
          .sorted()
          .forEach(documents::add);
    }
    try (Stream<Path> files = Files.list(repository)) {
      files
          .map(repository::relativize)
          .filter(file -> isMarkdown(file) && !file.equals(README))
          .sorted()
          .forEach(documents::add);
    }
    return documents;
  }

  private Map<Path, String> titles(List<Path> documents) throws IOException {
    Map<Path, String> titles = new LinkedHashMap<>();
    for (Path document : documents) {
      titles.put(page(document), read(document).title());
      if (document.equals(README) && Files.isRegularFile(site.resolve(API))) {
        titles.put(API, "Javadoc");
      }
    }
    return titles;
  }

  private void want(Path source) {
    if (wanted.add(source)) {
      waiting.add(source);
    }
  }

  /** Turns a link between files of the repository into one between pages, and wants its target. */
  private String link(Path from, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    if (path.isEmpty() || path.contains(":")) {
      return link;
    }
    Path linked = repository.resolve(from).resolveSibling(path).normalize();
    if (!linked.startsWith(repository) || linked.equals(repository) || !Files.exists(linked)) {
      return link; // It leads nowhere on the site either, and the check of links says so.
    }
    Path start = linked.resolve(README);
    Path to = repository.relativize(Files.exists(start) ? start : linked);
    want(to);
    return PageFrame.relative(page(from), page(to)) + (hash < 0 ? "" : link.substring(hash));
  }

  /** Returns where a file of the repository is on the site. */
  private Path page(Path source) {
    if (source.endsWith(README)) {
      return source.resolveSibling("index.html");
    }
    if (isPicture(source)) {
      return source;
    }
    if (isFolder(source)) {
      return source.resolve("index.html");
    }
    String name = source.toString();
    return Path.of((isMarkdown(source) ? name.replaceAll("\\.md$", "") : name) + ".html");
  }

  private String listing(Path folder) throws IOException {
    StringBuilder html = new StringBuilder("<ul>\n");
    try (Stream<Path> files = Files.list(repository.resolve(folder))) {
      for (Path file : files.map(repository::relativize).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("target") && !name.startsWith(".")) {
          Path start = file.resolve(README);
          Path to = Files.exists(repository.resolve(start)) ? start : file;
          want(to);
          String way = PageFrame.relative(page(folder), page(to));
          html.append("<li><a href=\"%s\">%s</a></li>\n".formatted(way, PageFrame.escaped(name)));
        }
      }
    }
    return html.append("</ul>\n").toString();
  }

  private String text(Path source) throws IOException {
    try {
      String text = Files.readString(repository.resolve(source));
      return "<pre>" + PageFrame.escaped(text) + "</pre>\n";
    } catch (CharacterCodingException e) {
      long bytes = Files.size(repository.resolve(source));
      return "<p>%d bytes that are no text.</p>\n".formatted(bytes);
    }
  }

  private MarkdownPage read(Path document) throws IOException {
    return MarkdownPage.of(Files.readString(repository.resolve(document)));
  }

  private boolean isFolder(Path source) {
    return Files.isDirectory(repository.resolve(source));
  }

  private static boolean isIn(Path folder, Path file) {
    return folder.equals(file.getParent());
  }

  private static boolean isMarkdown(Path source) {
    return source.toString().endsWith(".md");
  }

  private static boolean isPicture(Path source) {
    return source.toString().endsWith(".png");
  }
}

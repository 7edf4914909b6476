package org.md4j.site;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks the links of all pages of a folder: a relative one must lead to a file of the folder, and
 * to an anchor that is on that page; of others, which are never opened, only the form is checked.
 */
final class LinkCheck {
  private static final Pattern LINK = Pattern.compile("\\s(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ANCHOR = Pattern.compile("\\s(?:id|name)=\"([^\"]*)\"");
  private static final Pattern SCHEME = Pattern.compile("(?s)([a-zA-Z][a-zA-Z0-9+.-]*):.*");
  private static final Set<String> SCHEMES = Set.of("https", "http", "mailto");

  private final Path root;
  private final SortedMap<Path, Page> pages;

  private LinkCheck(Path root, SortedMap<Path, Page> pages) {
    this.root = root;
    this.pages = pages;
  }

  /** Reads every {@code .html} file of a folder and of the folders in it. */
  static LinkCheck of(Path folder) throws IOException {
    Path root = folder.toAbsolutePath().normalize();
    SortedMap<Path, Page> pages = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".html")).toList()) {
        pages.put(file, Page.of(Files.readString(file)));
      }
    }
    return new LinkCheck(root, pages);
  }

  /** Returns the links that lead nowhere, in the order of pages' names. */
  List<BrokenLink> broken() {
    List<BrokenLink> broken = new ArrayList<>();
    pages.forEach(
        (path, page) -> {
          for (String target : page.links()) {
            String reason = reason(path, target);
            if (!reason.isEmpty()) {
              broken.add(new BrokenLink(root.relativize(path).toString(), target, reason));
            }
          }
        });
    return List.copyOf(broken);
  }

  /** Returns why a link leads nowhere, or nothing if it leads somewhere. */
  private String reason(Path page, String target) {
    Matcher scheme = SCHEME.matcher(target);
    if (scheme.matches()) {
      return external(scheme.group(1), target);
    }
    int hash = target.indexOf('#');
    String path = decoded(hash < 0 ? target : target.substring(0, hash)).replaceAll("\\?.*", "");
    String anchor = hash < 0 ? "" : decoded(target.substring(hash + 1));
    Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    if (!file.startsWith(root)) {
      return "leads out of the site";
    }
    if (Files.isDirectory(file)) {
      file = file.resolve("index.html");
    }
    if (!Files.isRegularFile(file)) {
      return "leads to no file";
    }
    Page reached = pages.get(file);
    if (reached != null && !anchor.isEmpty() && !reached.anchors().contains(anchor)) {
      return "leads to an anchor that is not on that page";
    }
    return "";
  }

  private static String external(String scheme, String target) {
    if (!SCHEMES.contains(scheme)) {
      return "must begin with one of " + String.join(", ", SCHEMES.stream().sorted().toList());
    }
    try {
      URI uri = new URI(target);
      return uri.isOpaque() || uri.getHost() != null ? "" : "names no host";
    } catch (URISyntaxException e) {
      return "is no address: " + e.getReason();
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** What a page links to and where it can be linked to. */
  private record Page(List<String> links, Set<String> anchors) {
    static Page of(String html) {
      return new Page(all(LINK, html), new HashSet<>(all(ANCHOR, html)));
    }

    private static List<String> all(Pattern pattern, String html) {
      return pattern.matcher(html).results().map(Page::unescaped).toList();
    }

    private static String unescaped(MatchResult match) {
      return match
          .group(1)
          .replace("&lt;", "<")
          .replace("&gt;", ">")
          .replace("&quot;", "\"")
          .replace("&amp;", "&");
    }
  }
}

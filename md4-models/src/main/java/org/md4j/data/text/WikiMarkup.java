package org.md4j.data.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes the markup out of an article of MediaWiki: templates, tables, pictures, references,
 * comments and categories go with what they hold; of links what is shown stays, of headings and
 * lists the text.
 *
 * <p>It works on the text alone and expands nothing, so that what templates would show is missing.
 */
final class WikiMarkup {
  private static final Pattern CLOSED = Pattern.compile("<[a-zA-Z][^<>]*+(?<=/)>");
  private static final Pattern OPENED =
      Pattern.compile(
          "<(ref|math|gallery|timeline|syntaxhighlight|source|score|imagemap|chem)\\b[^<>]*+>",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LINE_BREAK =
      Pattern.compile("<br\\s*+/?>", Pattern.CASE_INSENSITIVE);
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]*+>");
  private static final Pattern OUTSIDE_LINK =
      Pattern.compile("\\[(?:(?:https?:|ftp:)?//|mailto:)[^\\s\\[\\]]*+(?:\\s++([^\\[\\]]*+))?\\]");
  private static final Pattern EMPHASIS = Pattern.compile("'{2,5}");
  private static final Pattern LIST = Pattern.compile("^[*#:;]++[ \\t]*+");
  private static final Pattern RULE = Pattern.compile("^-{4,}+");
  private static final Pattern SWITCH = Pattern.compile("__[A-Z]++__");
  private static final Pattern ENTITY = Pattern.compile("&(#x?)?([0-9a-zA-Z]{1,8});");

  /** Brackets whose content was a template. */
  private static final Pattern EMPTY_BRACKETS = Pattern.compile(" ?\\([\\s,;]*+\\)");

  private static final Pattern EMPTY_LINES = Pattern.compile("\\n{3,}");
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[a-z]+)?|simple");

  /** Links within links beyond this depth, which no article has, stay as they are. */
  private static final int DEEPEST = 40;

  private static final int MOST_SIGNS_OF_A_HEADING = 6;

  /** Name spaces whose links show nothing, in every wiki. */
  private static final Set<String> HIDDEN = Set.of("file", "image", "category", "media");

  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("thinsp", " "),
          Map.entry("ensp", " "),
          Map.entry("emsp", " "),
          Map.entry("ndash", "\u2013"),
          Map.entry("mdash", "\u2014"),
          Map.entry("minus", "\u2212"),
          Map.entry("times", "\u00d7"),
          Map.entry("middot", "\u00b7"),
          Map.entry("hellip", "\u2026"),
          Map.entry("lsquo", "\u2018"),
          Map.entry("rsquo", "\u2019"),
          Map.entry("ldquo", "\u201c"),
          Map.entry("rdquo", "\u201d"),
          Map.entry("deg", "\u00b0"),
          Map.entry("pound", "\u00a3"),
          Map.entry("euro", "\u20ac"),
          Map.entry("sect", "\u00a7"));

  private WikiMarkup() {}

  /**
   * Returns the text of an article without its markup, in time that grows as its length does.
   *
   * @param hidden names, in small letters, of the wiki's own name spaces of files and categories
   */
  static String plain(String article, Set<String> hidden) {
    String text = withoutComments(article);
    text = LINE_BREAK.matcher(text).replaceAll("\n");
    text = remove(CLOSED, text);
    text = withoutElements(text);
    text = withoutNested(text, "{{", "}}");
    text = withoutNested(text, "{|", "|}");
    text = shownOfLinks(text, hidden);
    text = OUTSIDE_LINK.matcher(text).replaceAll("$1");
    text = remove(TAG, text);
    text = remove(EMPHASIS, text);
    text = text.lines().map(WikiMarkup::plainLine).collect(Collectors.joining("\n"));
    text = remove(SWITCH, text);
    text = withoutEntities(text);
    text = remove(EMPTY_BRACKETS, text);
    text = text.lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
    return EMPTY_LINES.matcher(text).replaceAll("\n\n").strip() + "\n";
  }

  /** Leaves out comments; one that is never closed stays. */
  private static String withoutComments(String text) {
    StringBuilder kept = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf("<!--"); at >= 0; at = text.indexOf("<!--", from)) {
      int end = text.indexOf("-->", at);
      if (end < 0) {
        break;
      }
      kept.append(text, from, at);
      from = end + "-->".length();
    }
    return kept.append(text, from, text.length()).toString();
  }

  /**
   * Leaves out elements whose content is no text; of one that is never closed the content stays.
   */
  private static String withoutElements(String text) {
    String small = text.toLowerCase(Locale.ROOT);
    if (small.length() != text.length()) {
      small = text; // A letter whose small form is longer: then only small names are closed.
    }
    StringBuilder kept = new StringBuilder();
    Set<String> unclosed = new HashSet<>();
    Matcher opened = OPENED.matcher(text);
    int from = 0;
    while (opened.find(from)) {
      String name = opened.group(1).toLowerCase(Locale.ROOT);
      int close = unclosed.contains(name) ? -1 : small.indexOf("</" + name, opened.end());
      int end = close < 0 ? -1 : text.indexOf('>', close);
      kept.append(text, from, opened.start());
      if (end < 0) {
        unclosed.add(name);
        from = opened.end();
      } else {
        from = end + 1;
      }
    }
    return kept.append(text, from, text.length()).toString();
  }

  /** A line without the signs of a heading, a list or a rule. */
  private static String plainLine(String line) {
    String text = line.strip();
    int signs = 0;
    while (signs < MOST_SIGNS_OF_A_HEADING
        && text.length() > 2 * signs + 2
        && text.charAt(signs) == '='
        && text.charAt(text.length() - 1 - signs) == '=') {
      signs++;
    }
    return signs > 0
        ? text.substring(signs, text.length() - signs).strip()
        : remove(RULE, remove(LIST, line));
  }

  private static String remove(Pattern pattern, String text) {
    return pattern.matcher(text).replaceAll("");
  }

  /** Leaves out what stands between two signs, nested or not; one that is never closed stays. */
  private static String withoutNested(String text, String open, String close) {
    StringBuilder kept = new StringBuilder();
    int from = 0;
    for (int[] range : outermost(text, open, close)) {
      kept.append(text, from, range[0]);
      from = range[1];
    }
    return kept.append(text, from, text.length()).toString();
  }

  /** Where signs open and, behind it, are closed, in one pass; none lies within another. */
  private static List<int[]> outermost(String text, String open, String close) {
    Deque<Integer> opened = new ArrayDeque<>();
    List<int[]> ranges = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith(open, at)) {
        opened.push(at);
        at += open.length();
      } else if (!opened.isEmpty() && text.startsWith(close, at)) {
        int start = opened.pop();
        at += close.length();
        while (!ranges.isEmpty() && ranges.get(ranges.size() - 1)[0] > start) {
          ranges.remove(ranges.size() - 1);
        }
        ranges.add(new int[] {start, at});
      } else {
        at++;
      }
    }
    return ranges;
  }

  /** Puts what links show in their place, inner ones first; one that is never closed stays. */
  private static String shownOfLinks(String text, Set<String> hidden) {
    Deque<StringBuilder> open = new ArrayDeque<>();
    open.push(new StringBuilder());
    for (int at = 0; at < text.length(); at++) {
      if (text.startsWith("[[", at) && open.size() <= DEEPEST) {
        open.push(new StringBuilder());
        at++;
      } else if (open.size() > 1 && text.startsWith("]]", at)) {
        String link = open.pop().toString();
        top(open).append(shown(link, hidden));
        at++;
      } else {
        top(open).append(text.charAt(at));
      }
    }
    while (open.size() > 1) {
      String rest = open.pop().toString();
      top(open).append("[[").append(rest);
    }
    return top(open).toString();
  }

  private static StringBuilder top(Deque<StringBuilder> open) {
    return Objects.requireNonNull(open.peek());
  }

  private static String shown(String link, Set<String> hidden) {
    int colon = link.indexOf(':');
    int bar = link.indexOf('|');
    if (colon > 0 && (bar < 0 || colon < bar)) {
      String space = link.substring(0, colon).strip();
      String small = space.toLowerCase(Locale.ROOT);
      if (HIDDEN.contains(small) || hidden.contains(small) || LANGUAGE.matcher(space).matches()) {
        return "";
      }
    }
    String target = link.startsWith(":") ? link.substring(1) : link;
    return target.substring(target.indexOf('|') + 1);
  }

  private static String withoutEntities(String text) {
    Matcher entities = ENTITY.matcher(text);
    return entities.replaceAll(found -> Matcher.quoteReplacement(letter(found.group())));
  }

  /** What an entity stands for; the entity itself if that is not known. */
  private static String letter(String entity) {
    Matcher parts = ENTITY.matcher(entity);
    if (!parts.matches() || parts.group(1) == null) {
      return ENTITIES.getOrDefault(entity.substring(1, entity.length() - 1), entity);
    }
    try {
      int code = Integer.parseInt(parts.group(2), parts.group(1).equals("#") ? 10 : 16);
      boolean known = Character.isValidCodePoint(code) && !isSurrogate(code);
      return known ? Character.toString(code) : entity;
    } catch (NumberFormatException e) {
      return entity;
    }
  }

  private static boolean isSurrogate(int code) {
    return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
  }
}

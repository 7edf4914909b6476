package org.md4j.data.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the markup out of an article of MediaWiki: templates, tables, pictures, references,
 * comments and categories go with what they hold; of links what is shown stays, of headings and
 * lists the text.
 *
 * <p>It works on the text alone and expands nothing, so that what templates would show is missing.
 */
final class WikiMarkup {
  private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
  private static final Pattern CLOSED = Pattern.compile("<[a-zA-Z]+[^<>]*/>");
  private static final Pattern WITH_CONTENT =
      Pattern.compile(
          "<(ref|math|gallery|timeline|syntaxhighlight|source|score|imagemap|chem)\\b[^<>]*>.*?</\\1\\s*>",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  private static final Pattern LINE_BREAK = Pattern.compile("<br\\s*/?>", Pattern.CASE_INSENSITIVE);
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]*>");
  private static final Pattern OUTSIDE_LINK =
      Pattern.compile("\\[(?:https?:|ftp:|mailto:)?//?[^\\s\\]]*(?:\\s+([^\\]]*))?\\]");
  private static final Pattern EMPHASIS = Pattern.compile("'{2,5}");
  private static final Pattern HEADING =
      Pattern.compile("^(={1,6})\\s*(.+?)\\s*\\1\\s*$", Pattern.MULTILINE);
  private static final Pattern LIST = Pattern.compile("^[*#:;]+[ \\t]*", Pattern.MULTILINE);
  private static final Pattern RULE = Pattern.compile("^-{4,}", Pattern.MULTILINE);
  private static final Pattern SWITCH = Pattern.compile("__[A-Z]+__");
  private static final Pattern ENTITY = Pattern.compile("&(#x?)?([0-9a-zA-Z]{1,8});");

  /** Brackets whose content was a template. */
  private static final Pattern EMPTY_BRACKETS = Pattern.compile(" ?\\([\\s,;]*\\)");

  private static final Pattern TRAILING = Pattern.compile("[ \\t]+$", Pattern.MULTILINE);
  private static final Pattern EMPTY_LINES = Pattern.compile("\\n{3,}");
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[a-z]+)?|simple");

  /** Name spaces whose links show nothing. */
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

  /** Returns the text of an article without its markup. */
  static String plain(String article) {
    String text = remove(COMMENT, article);
    text = LINE_BREAK.matcher(text).replaceAll("\n");
    text = remove(CLOSED, text);
    text = remove(WITH_CONTENT, text);
    text = withoutNested(text, "{{", "}}");
    text = withoutNested(text, "{|", "|}");
    text = shownOfLinks(text);
    text = OUTSIDE_LINK.matcher(text).replaceAll("$1");
    text = remove(TAG, text);
    text = remove(EMPHASIS, text);
    text = HEADING.matcher(text).replaceAll("$2");
    text = remove(LIST, text);
    text = remove(RULE, text);
    text = remove(SWITCH, text);
    text = withoutEntities(text);
    text = remove(EMPTY_BRACKETS, text);
    text = remove(TRAILING, text);
    return EMPTY_LINES.matcher(text).replaceAll("\n\n").strip() + "\n";
  }

  private static String remove(Pattern pattern, String text) {
    return pattern.matcher(text).replaceAll("");
  }

  /** Leaves out what stands between two signs, nested or not; one that is never closed stays. */
  private static String withoutNested(String text, String open, String close) {
    return replaceNested(text, open, close, inner -> "");
  }

  private static String shownOfLinks(String text) {
    return replaceNested(text, "[[", "]]", WikiMarkup::shown);
  }

  private static String replaceNested(
      String text, String open, String close, UnaryOperator<String> replacement) {
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    for (int[] range : outermost(text, open, close)) {
      String inner = text.substring(range[0] + open.length(), range[1] - close.length());
      replaced.append(text, from, range[0]).append(replacement.apply(inner));
      from = range[1];
    }
    return replaced.append(text, from, text.length()).toString();
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

  private static String shown(String link) {
    int colon = link.indexOf(':');
    int bar = link.indexOf('|');
    if (colon > 0 && (bar < 0 || colon < bar)) {
      String space = link.substring(0, colon).strip();
      if (HIDDEN.contains(space.toLowerCase(Locale.ROOT)) || LANGUAGE.matcher(space).matches()) {
        return "";
      }
    }
    String target = link.startsWith(":") ? link.substring(1) : link;
    return shownOfLinks(target.substring(target.indexOf('|') + 1));
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

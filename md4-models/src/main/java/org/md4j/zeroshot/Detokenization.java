package org.md4j.zeroshot;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Undoes what was done to a published text to divide it into words, as far as it can be undone: the
 * rules of the programs of SEDD and MDLM, in their order, each applied to the whole example.
 *
 * <p>Deviation: their rule for an apostrophe before a digit demands two slashes around, and no text
 * has those; it is left out.
 */
final class Detokenization {
  private static final Detokenization WIKITEXT =
      new Detokenization()
          .text("s '", "s'")
          .text(" @-@ ", "-")
          .text(" @,@ ", ",")
          .text(" @.@ ", ".")
          .beforeSpace(" :", " ;", " .", " !", " ?", " ,")
          .pattern("\\(\\s*([^)]*?)\\s*\\)", "($1)")
          .pattern("\\[\\s*([^\\]]*?)\\s*\\]", "[$1]")
          .pattern("\\{\\s*([^}]*?)\\s*\\}", "{$1}")
          .pattern("\"\\s*([^\"]*?)\\s*\"", "\"$1\"")
          .pattern("'\\s*([^']*?)\\s*'", "'$1'")
          .text("= = = =", "====")
          .text("= = =", "===")
          .text("= =", "==")
          .text(" \u00b0 ", "\u00b0")
          .text(" \n", "\n")
          .text("\n ", "\n")
          .text(" N ", " 1 ")
          .text(" 's", "'s");

  private static final Detokenization PENN_TREEBANK =
      new Detokenization()
          .text(" 's", "'s")
          .text("s ' ", "s' ")
          .text(" n't", "n't")
          .text("\\/", "/")
          .pattern("(?<= )N(?= )", "1")
          .text("$ 1", "$1")
          .text("# 1", "#1")
          .text("<unk>", "?");

  private static final Detokenization ONE_BILLION_WORDS =
      new Detokenization()
          .text("http : / / ", "http://")
          .text("https : / / ", "https://")
          .pattern(" '(\\w+)", "'$1")
          .pattern(" (\\w+) \\. ", " $1. ")
          .pattern(" (\\w+) \\.$", " $1.")
          .beforeSpace(" ?")
          .pattern(" \\?$", "?")
          .beforeSpace(" !")
          .pattern(" !$", "!")
          .beforeSpace(" ,", " :", " ;")
          .text(" / ", "/")
          .pattern("\" ([^\"]+) \"", "\"$1\"")
          .pattern("' ([^']+) '", "'$1'")
          .pattern("\\( ([^()]+) \\)", "($1)")
          .pattern("\\[ ([^\\[\\]]+) \\]", "[$1]")
          .text("$ ", "$")
          .text("\u00a3 ", "\u00a3");

  /** Also strips, and begins on a new line. */
  private static final Detokenization LAMBADA =
      new Detokenization()
          .text("\u201c", "\"")
          .text("\u201d", "\"")
          .pattern("^\\s+|\\s+\\z", "")
          .pattern("^", "\n");

  /** What is replaced by what. */
  private record Rule(Pattern pattern, String replacement) {}

  private final List<Rule> rules = new ArrayList<>();

  private Detokenization() {}

  static Detokenization of(EvaluationSet set) {
    return switch (set) {
      case LAMBADA -> LAMBADA;
      case WIKITEXT2, WIKITEXT103 -> WIKITEXT;
      case PENN_TREEBANK -> PENN_TREEBANK;
      case ONE_BILLION_WORDS -> ONE_BILLION_WORDS;
    };
  }

  String apply(String example) {
    String text = example;
    for (Rule rule : rules) {
      text = rule.pattern().matcher(text).replaceAll(rule.replacement());
    }
    return text;
  }

  private Detokenization text(String from, String to) {
    rules.add(new Rule(Pattern.compile(from, Pattern.LITERAL), Matcher.quoteReplacement(to)));
    return this;
  }

  /** Takes the space away before signs that a space follows. */
  private Detokenization beforeSpace(String... signs) {
    for (String sign : signs) {
      text(sign + " ", sign.strip() + " ");
    }
    return this;
  }

  private Detokenization pattern(String from, String to) {
    rules.add(new Rule(Pattern.compile(from, Pattern.UNICODE_CHARACTER_CLASS), to));
    return this;
  }
}

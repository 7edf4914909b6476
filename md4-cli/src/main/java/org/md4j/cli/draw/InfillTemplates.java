package org.md4j.cli.draw;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.TextTemplate;
import org.md4j.sampling.Template;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options that say what is given and what is to be filled in. */
public final class InfillTemplates {
  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "A file with a template a line, instead of TEMPLATE. Default: none.")
  private @Nullable Path file;

  /** The blanks of the longest gap. */
  private static final int LONGEST = 1_024;

  /** Lengths from one to another, as in 1-6. */
  private record Range(int from, int to) {
    static final class Converter implements ITypeConverter<Range> {
      private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

      @Override
      public Range convert(String text) {
        Matcher match = FORM.matcher(text);
        if (!match.matches()) {
          throw new CommandException(
              "--lengths (%s) must be numbers and ranges such as 3 or 1-6".formatted(text));
        }
        int from = Integer.parseInt(match.group(1));
        int to = match.group(2) == null ? from : Integer.parseInt(match.group(2));
        if (from < 1 || to < from || to > LONGEST) {
          throw new CommandException(
              "--lengths (%s) must be in 1..%d, and a range must not fall"
                  .formatted(text, LONGEST));
        }
        return new Range(from, to);
      }
    }
  }

  @Option(
      names = "--lengths",
      paramLabel = "LENGTH",
      split = ",",
      converter = Range.Converter.class,
      description =
          "Take each template once for each of these lengths, with every blank of that length:"
              + " 3,5,8 or 1-6. Default: as long as written.")
  private List<Range> lengths = new ArrayList<>();

  /** The lengths asked for, in their order; none for those written. */
  private List<Integer> lengths() {
    return lengths.stream()
        .flatMap(range -> IntStream.rangeClosed(range.from(), range.to()).boxed())
        .toList();
  }

  /** How many templates become of one that is written. */
  public int lengthsOfEach() {
    return Math.max(1, lengths().size());
  }

  /**
   * All templates, in order.
   *
   * @param texts those of the command line
   * @param tokenizer of the run
   * @throws CommandException if there is none or one of them is wrong; says which and where
   */
  public List<Template> read(List<String> texts, Tokenizer tokenizer) throws IOException {
    if (texts.isEmpty() == (file == null)) {
      throw new CommandException(
          texts.isEmpty()
              ? "a TEMPLATE must be given, or --file with one a line"
              : "--file and TEMPLATE cannot both be given");
    }
    List<Template> templates = new ArrayList<>();
    List<String> lines = file == null ? texts : lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String name = file == null ? "template " + (i + 1) : file + ", line " + (i + 1);
      Template written = parse(tokenizer, name, lines.get(i));
      if (lengths.isEmpty()) {
        templates.add(written);
      }
      lengths().forEach(length -> templates.add(written.withBlankLength(length)));
    }
    return templates;
  }

  /** Checks that none is given. */
  public void requireNone(List<String> texts) {
    if (!texts.isEmpty() || file != null || !lengths.isEmpty()) {
      throw new CommandException(
          "TEMPLATE, --file and --lengths are of no use to this run, which fills in pictures: give"
              + " --image");
    }
  }

  private static Template parse(Tokenizer tokenizer, String name, String text) {
    try {
      return TextTemplate.parse(tokenizer, text);
    } catch (DataException e) {
      throw new CommandException(name + ": " + e.getMessage(), e);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty()) {
        throw new CommandException("--file (" + file + ") must hold a template a line, got none");
      }
      return lines;
    } catch (MalformedInputException e) {
      throw new CommandException("--file (" + file + ") must be text in UTF-8", e);
    }
  }
}

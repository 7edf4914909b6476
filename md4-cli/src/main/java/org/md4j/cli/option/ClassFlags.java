package org.md4j.cli.option;

import static java.util.Objects.requireNonNullElse;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.terminal.CommandException;
import org.md4j.core.Denoiser;
import org.md4j.core.GuidedDenoiser;
import picocli.CommandLine.Option;

/** The options that say what the pictures of a class-conditional run are to show. */
public final class ClassFlags {
  private static final int NAMES_SHOWN = 10;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description =
          "Class-conditional runs only. The class to draw, by its number or its name in the data."
              + " Default: none, any picture.")
  private @Nullable String label;

  @Option(
      names = "--guidance",
      paramLabel = "NUMBER",
      description =
          "With --class. How much to exaggerate the class: logits (1 + g) with it - g without."
              + " Default: 0.")
  private @Nullable Double guidance;

  /** Checks what can be checked without a run. */
  public void check() {
    if (guidance != null && label == null) {
      throw new CommandException("--guidance is of no use without --class");
    }
    if (guidance != null && !(guidance >= 0 && guidance < Double.POSITIVE_INFINITY)) {
      throw new CommandException("--guidance (" + guidance + ") must be at least 0");
    }
  }

  /** Checks that none is given. */
  public void requireNone() {
    PictureFlags.requireAbsent("--class", label);
    PictureFlags.requireAbsent("--guidance", guidance);
  }

  /**
   * The class of each of some pictures; empty for a network without classes.
   *
   * @param classes K of the network
   * @param names of the classes in the data, or empty
   */
  public List<Integer> labels(int count, int classes, List<String> names) {
    if (classes == 0) {
      if (label != null) {
        throw new CommandException(
            "--class is of no use to this run, which was trained without classes: leave it out");
      }
      return List.of();
    }
    // The null label of our networks is K.
    return Collections.nCopies(count, label == null ? classes : number(label, classes, names));
  }

  private static int number(String label, int classes, List<String> names) {
    int named = names.indexOf(label);
    int number = named >= 0 ? named : parsed(label);
    if (number < 0 || number >= classes) {
      String known = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
      throw new CommandException(
          "--class (%s) must be in 0..%d%s%s"
              .formatted(
                  label,
                  classes - 1,
                  known.isEmpty() ? "" : ", or one of " + known,
                  names.size() > NAMES_SHOWN ? ", ..." : ""));
    }
    return number;
  }

  /** The number a text is, -1 if it is none. */
  private static int parsed(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  /** The network, guided if that was asked for. */
  public Denoiser guided(Denoiser denoiser, int classes) {
    return requireNonNullElse(guidance, 0.0) == 0
        ? denoiser
        : new GuidedDenoiser(denoiser, classes, requireNonNullElse(guidance, 0.0));
  }
}

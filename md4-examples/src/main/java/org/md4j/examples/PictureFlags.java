package org.md4j.examples;

import static java.util.Objects.requireNonNullElse;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Denoiser;
import org.md4j.core.GuidedDenoiser;
import org.md4j.examples.support.CommandException;
import picocli.CommandLine.Option;

/** The options that mean something to pictures only. */
final class PictureFlags {
  private static final int COLUMNS = 4;

  @Option(
      names = "--columns",
      paramLabel = "NUMBER",
      description = "Pictures only. In a row of the grid. Default: " + COLUMNS + ".")
  private @Nullable Integer columns;

  @Option(
      names = "--class",
      paramLabel = "NUMBER",
      description = "Class-conditional runs only. The class to draw. Default: none, any picture.")
  private @Nullable Integer label;

  @Option(
      names = "--guidance",
      paramLabel = "NUMBER",
      description =
          "With --class. How much to exaggerate the class: logits (1 + g) with it - g without."
              + " Default: 0.")
  private @Nullable Double guidance;

  /** Pictures in a row of a grid. */
  int columns() {
    return requireNonNullElse(columns, COLUMNS);
  }

  /** Checks what can be checked without a run. */
  void check() {
    if (columns() < 1) {
      throw new CommandException("--columns (" + columns() + ") must be at least 1");
    }
    if (guidance != null && label == null) {
      throw new CommandException("--guidance is of no use without --class");
    }
    if (guidance != null && !(guidance >= 0 && guidance < Double.POSITIVE_INFINITY)) {
      throw new CommandException("--guidance (" + guidance + ") must be at least 0");
    }
  }

  /** Checks that none is given. */
  void requireNone() {
    requireAbsent("--columns", columns);
    requireAbsent("--class", label);
    requireAbsent("--guidance", guidance);
  }

  /**
   * The class of each of some pictures; empty for a network without classes.
   *
   * @param classes K of the network
   */
  List<Integer> labels(int count, int classes) {
    if (classes == 0) {
      if (label != null) {
        throw new CommandException(
            "--class is of no use to this run, which was trained without classes: leave it out");
      }
      return List.of();
    }
    if (label != null && (label < 0 || label >= classes)) {
      throw new CommandException("--class (%d) must be in 0..%d".formatted(label, classes - 1));
    }
    // The null label of our networks is K.
    return Collections.nCopies(count, requireNonNullElse(label, classes));
  }

  /** The network, guided if that was asked for. */
  Denoiser guided(Denoiser denoiser, int classes) {
    return guidance == null ? denoiser : new GuidedDenoiser(denoiser, classes, guidance);
  }

  private static void requireAbsent(String option, @Nullable Object value) {
    if (value != null) {
      throw new CommandException(option + " is of no use to this run, which draws texts");
    }
  }
}

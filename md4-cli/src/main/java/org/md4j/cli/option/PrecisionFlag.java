package org.md4j.cli.option;

import java.util.Arrays;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.Precision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The option that says which number formats networks compute in. */
public final class PrecisionFlag {
  /** The option's name. */
  public static final String NAME = "--precision";

  private enum Choice {
    F32,
    BF16,
    AUTO;

    @Override
    public String toString() {
      return FlagNames.spelled(this);
    }
  }

  /** Reads a choice by its name; a number is a standard error, which was once asked for so. */
  private static final class Converter implements ITypeConverter<Choice> {
    @Override
    public Choice convert(String name) {
      return Arrays.stream(Choice.values())
          .filter(choice -> choice.toString().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new CommandException(
                      "%s (%s) must be f32, bf16 or auto%s"
                          .formatted(
                              NAME,
                              name,
                              isNumber(name)
                                  ? "; the standard error wanted is "
                                      + LikelihoodFlags.STANDARD_ERROR
                                  : "")));
    }

    private static boolean isNumber(String text) {
      return text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?");
    }
  }

  @Option(
      names = NAME,
      paramLabel = "NAME",
      converter = Converter.class,
      description =
          "What networks compute in: f32; bf16, products of bfloat16 with sums in 32 bits; auto,"
              + " bf16 where the processor multiplies it, else f32. Default: ${DEFAULT-VALUE} (f32"
              + " where likelihoods are reported, else auto).")
  private Choice choice;

  private PrecisionFlag(Choice choice) {
    this.choice = choice;
  }

  /** Makes the option of a command that trains, draws or times: auto by default. */
  public static PrecisionFlag fastest() {
    return new PrecisionFlag(Choice.AUTO);
  }

  /** Makes the option of a command that reports likelihoods: f32 by default. */
  public static PrecisionFlag forLikelihoods() {
    return new PrecisionFlag(Choice.F32);
  }

  /**
   * Returns the precision to compute in, on a machine whose backend can be used.
   *
   * @param terminal told in a line on its error stream if bf16 was asked for where it is not known
   *     to be faster
   */
  public Precision chosen(Terminal terminal) {
    Precision fastest = Precision.fastest();
    if (choice == Choice.AUTO) {
      return fastest;
    }
    if (choice == Choice.BF16 && fastest == Precision.F32) {
      terminal
          .err()
          .println(
              "md4 knows no faster product of bf16 on this machine: expect "
                  + NAME
                  + " f32 to be quicker");
    }
    return choice == Choice.BF16 ? Precision.BF16 : Precision.F32;
  }
}

package org.md4j.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * An implementation and the number types of an operation's arguments and result, a parameter of the
 * tests: for every group of operations, all types that {@link Compute} allows them, of all
 * implementations.
 *
 * @param in the type of the arguments that may be of more than one
 * @param out the result's type
 */
record Formats(Compute compute, Element in, Element out) implements AutoCloseable {
  private static final List<Supplier<Compute>> OF_ONE_TYPE =
      List.of(
          () -> ComputeBackend.nd4j(Precision.F32).open(DataType.DOUBLE),
          () -> ComputeBackend.nd4j(Precision.F32).open(DataType.FLOAT),
          () -> ComputeBackend.oneDnn(Precision.F32).open(DataType.FLOAT));

  private static final List<Supplier<Compute>> OF_MIXED_PRECISION =
      List.of(
          () -> ComputeBackend.nd4j(Precision.BF16).open(DataType.FLOAT),
          () -> ComputeBackend.oneDnn(Precision.BF16).open(DataType.FLOAT));

  /** The types of arguments and results in mixed precision. */
  private enum Mixed {
    NOTHING_ROUNDED(Element.F32, Element.F32),
    ARGUMENTS_ROUNDED(Element.BF16, Element.F32),
    RESULT_ROUNDED(Element.F32, Element.BF16),
    EVERYTHING_ROUNDED(Element.BF16, Element.BF16);

    private final Element in;
    private final Element out;

    Mixed(Element in, Element out) {
      this.in = in;
      this.out = out;
    }
  }

  private static Stream<Formats> formats(Mixed... mixed) {
    return Stream.concat(
        OF_ONE_TYPE.stream()
            .map(Supplier::get)
            .map(compute -> new Formats(compute, compute.element(), compute.element())),
        OF_MIXED_PRECISION.stream()
            .flatMap(
                opener ->
                    Arrays.stream(mixed)
                        .map(types -> new Formats(opener.get(), types.in, types.out))));
  }

  /** All tensors of {@link Compute#element()}. */
  static Stream<Formats> ofElement() {
    return formats(Mixed.NOTHING_ROUNDED);
  }

  /** Arguments of {@link Compute#operand()}, results of {@link Compute#element()}. */
  static Stream<Formats> fromOperands() {
    return formats(Mixed.ARGUMENTS_ROUNDED);
  }

  /** Arguments of either type, results of {@link Compute#element()}. */
  static Stream<Formats> fromEither() {
    return formats(Mixed.NOTHING_ROUNDED, Mixed.ARGUMENTS_ROUNDED);
  }

  /** Arguments of {@link Compute#element()}, results of either type. */
  static Stream<Formats> toEither() {
    return formats(Mixed.NOTHING_ROUNDED, Mixed.RESULT_ROUNDED);
  }

  /** Arguments and results of one type, either. */
  static Stream<Formats> ofOneOfEither() {
    return formats(Mixed.NOTHING_ROUNDED, Mixed.EVERYTHING_ROUNDED);
  }

  /** What products allow: results are rounded only if the arguments are. */
  static Stream<Formats> ofProducts() {
    return formats(Mixed.NOTHING_ROUNDED, Mixed.ARGUMENTS_ROUNDED, Mixed.EVERYTHING_ROUNDED);
  }

  /** Arguments of either type, results of either type. */
  static Stream<Formats> fromEitherToEither() {
    return formats(Mixed.values());
  }

  /** The type of parameters, statistics and sums. */
  Element element() {
    return compute.element();
  }

  /** The types that an argument "of either type" may be of. */
  List<Element> eitherType() {
    return Stream.of(compute.element(), compute.operand()).distinct().toList();
  }

  /** The rounding of a number within an operation, 2^-24 in 32 bits and 2^-53 in 64. */
  double rounding() {
    return element() == Element.F64 ? 0x1p-53 : 0x1p-24;
  }

  /** Ends the use, and refuses oneDNN's reference code, which is hundreds of times slower. */
  @Override
  public void close() {
    if (compute instanceof OneDnnCompute oneDnn) {
      assertThat(oneDnn.implementations()).noneMatch(name -> name.startsWith("ref"));
    }
    compute.close();
  }

  @Override
  public String toString() {
    return "%s: %s to %s".formatted(compute.description(), in, out);
  }
}

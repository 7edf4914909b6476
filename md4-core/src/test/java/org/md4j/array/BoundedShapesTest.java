package org.md4j.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.OpaqueTadPack;

class BoundedShapesTest {
  private static final int COUNTS = 64;

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 64, 65, 1000, 4096, 393_216})
  void fewNumbersOccurAndNoneIsTooSmallOrFarTooGreat(int most) {
    int step = (most + COUNTS - 1) / COUNTS;

    assertThat(IntStream.rangeClosed(1, most))
        .allSatisfy(
            rows ->
                assertThat(BoundedShapes.roundUp(rows, most))
                    .isBetween(rows, Math.min(most, rows + step - 1)));
    assertThat(IntStream.rangeClosed(1, most).map(rows -> BoundedShapes.roundUp(rows, most)))
        .satisfies(
            numbers -> assertThat(numbers.stream().distinct()).hasSizeLessThanOrEqualTo(COUNTS));
  }

  @Test
  void smallNumbersStayWhatTheyAre() {
    for (int rows = 1; rows <= COUNTS; rows++) {
      assertThat(BoundedShapes.roundUp(rows, COUNTS)).isEqualTo(rows);
    }
  }

  /**
   * The bug: where each row of a shape begins, 8 bytes a row, is kept though no array has that
   * shape any more. When this fails, ND4J has mended it: ask networks about as many positions as
   * are wanted.
   */
  @Test
  void plainNd4jRemembersEveryShape() {
    Map<Integer, Long> places = new HashMap<>();
    for (int round = 0; round < 2; round++) {
      for (int rows = 5000; rows < 5100; rows++) {
        Long place = placeOfRowOffsets(rows);
        Long before = places.putIfAbsent(rows, place);
        assertThat(before).isIn(null, place);
      }
    }
    assertThat(new HashSet<>(places.values())).hasSize(places.size());
  }

  /** Where ND4J keeps the offsets of the rows of a matrix, which is closed at once. */
  private static long placeOfRowOffsets(int rows) {
    try (INDArray matrix = Nd4j.createUninitializedDetached(DataType.FLOAT, rows, 3);
        IntPointer axis = new IntPointer(new int[] {1})) {
      // After Nd4j, which sets it up.
      NativeOps operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
      LongPointer shape = (LongPointer) matrix.shapeInfoDataBuffer().addressPointer();
      OpaqueTadPack offsets = operations.tadOnlyShapeInfo(shape, axis, 1);
      assertThat(operations.getNumberOfTads(offsets)).isEqualTo(rows);
      return operations.getPrimaryOffsets(offsets).address();
    }
  }
}

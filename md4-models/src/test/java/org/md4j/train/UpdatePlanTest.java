package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.model.layer.ParameterMatrix;

class UpdatePlanTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyEntryIsDealtOnceAndMatricesAsWholes(long seed) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.DATA, 0);
    List<ParameterMatrix> matrices = new ArrayList<>();
    long end = 0;
    for (int i = 0; i < 20; i++) {
      long gap = (long) (3 * uniforms.at(0, i));
      ParameterMatrix matrix =
          new ParameterMatrix(
              end + gap, 1 + (long) (9 * uniforms.at(1, i)), 1 + (long) (9 * uniforms.at(2, i)));
      matrices.add(matrix);
      end = matrix.end();
    }
    long count = end + (long) (3 * uniforms.at(0, 20));
    for (int threads = 1; threads < 9; threads++) {
      UpdatePlan plan = UpdatePlan.of(count, matrices, threads);

      assertThat(plan).isEqualTo(UpdatePlan.of(count, matrices, threads));
      assertThat(plan.parts()).hasSize(threads);
      assertThat(plan.parts().stream().flatMap(part -> part.matrices().stream()))
          .containsExactlyInAnyOrderElementsOf(matrices);
      int[] dealt = new int[(int) count];
      for (UpdatePlan.Part part : plan.parts()) {
        part.ranges().forEach(range -> mark(dealt, range.from(), range.to()));
        part.matrices().forEach(matrix -> mark(dealt, matrix.offset(), matrix.end()));
      }
      assertThat(dealt).containsOnly(1);
      long least = plan.parts().stream().mapToLong(UpdatePlanTest::length).min().orElseThrow();
      long most = plan.parts().stream().mapToLong(UpdatePlanTest::length).max().orElseThrow();
      assertThat(most - least).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void withoutMatricesAThreadHasOneSlice() {
    assertThat(UpdatePlan.of(10, List.of(), 3).parts())
        .extracting(UpdatePlan.Part::ranges)
        .containsExactly(
            List.of(new UpdatePlan.Range(0, 3)),
            List.of(new UpdatePlan.Range(3, 6)),
            List.of(new UpdatePlan.Range(6, 10)));
  }

  @Test
  void theCostliestMatricesAreDealtFirst() {
    ParameterMatrix small = new ParameterMatrix(0, 4, 4);
    ParameterMatrix large = new ParameterMatrix(16, 8, 8);
    ParameterMatrix other = new ParameterMatrix(80, 4, 4);

    UpdatePlan plan = UpdatePlan.of(96, List.of(small, large, other), 2);

    assertThat(plan.parts().get(0).matrices()).containsExactly(large);
    assertThat(plan.parts().get(1).matrices()).containsExactly(small, other);
  }

  private static long length(UpdatePlan.Part part) {
    return part.ranges().stream().mapToLong(UpdatePlan.Range::length).sum();
  }

  private static void mark(int[] dealt, long from, long to) {
    for (long i = from; i < to; i++) {
      dealt[(int) i]++;
    }
  }
}

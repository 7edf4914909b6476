package org.md4j.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What of fuzzing every build does: seeded damages of a sound file of each form. */
class DamagedFilesTest {
  /** Files damaged a form; {@code -Dmd4.damages=100000} for more. */
  private static final int DAMAGES = Integer.getInteger("md4.damages", 300);

  private static final int MOST_PRINTED = 4096;

  @ParameterizedTest
  @EnumSource(names = "ONNX", mode = EnumSource.Mode.EXCLUDE) // Its example is no model.
  void aSoundFileIsRead(FileForm form) {
    byte[] example = form.example();

    assertThatCode(() -> form.read(example)).doesNotThrowAnyException();
    form.check(example);
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedFileIsReadOrRefusedInOneLine(FileForm form) {
    byte[] example = form.example();
    form.check(example); // Libraries open what they need for good.
    for (int seed = 0; seed < DAMAGES; seed++) {
      byte[] damaged = new Damage(seed).of(example);
      try {
        form.check(damaged);
      } catch (RuntimeException | AssertionError e) {
        String hex = HexFormat.of().formatHex(damaged, 0, Math.min(damaged.length, MOST_PRINTED));
        throw new AssertionError("%s, seed %d: %s of %s".formatted(form, seed, e, hex), e);
      }
    }
  }
}

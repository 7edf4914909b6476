package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.md4j.contract.TimeLawContract;

class TimeLawTest {
  @Test
  void powersAreThoseOfTheFormula() {
    TimeLaw law = TimeLaw.power(1);

    assertThat(law.times(0, 0.25, 0.5)).containsExactly(0, 0.0625, 0.25);
    assertThat(law.weights(0, 0.0625, 0.25)).containsExactly(0, 0.5, 1);
    assertThat(TimeLaw.power(0).times(0.1, 0.9)).containsExactly(0.1, 0.9);
    assertThat(TimeLaw.power(0).weights(0, 0.1, 0.9)).containsExactly(1, 1, 1);
  }

  @Test
  void shareOfTimesInTheWindowIsTheOneAskedFor() {
    WindowTimes law = TimeLaw.window(0.3, 0.7, 0.5);

    assertThat(law.time(0.25)).isCloseTo(0.3, within(EXACT_DOUBLE));
    assertThat(law.time(0.75)).isCloseTo(0.7, within(EXACT_DOUBLE));
    assertThat(law.density(0.5)).isCloseTo(1.25, within(EXACT_DOUBLE));
    assertThat(law.density(0.1)).isCloseTo(0.5 / 0.6, within(EXACT_DOUBLE));
    assertThat(TimeLaw.floor(0.1, 0.95)).isEqualTo(TimeLaw.window(0.1, 1, 0.95));
  }

  @Test
  void bellIsANormalLawGivenThatItIsInRange() {
    NormalDistribution normal = new NormalDistribution(null, 0.4, 0.2);
    double mass = normal.probability(0, 1);

    double below = normal.probability(0, 0.3) / mass;

    assertThat(TimeLaw.bell(0.4, 0.2).time(below)).isCloseTo(0.3, within(1e-8));
    assertThat(TimeLaw.bell(0.4, 0.2).density(0.3))
        .isCloseTo(normal.density(0.3) / mass, within(EXACT_DOUBLE));
  }

  @Test
  void wrongSettingsAreRejected() {
    assertThatThrownBy(() -> TimeLaw.power(-0.1)).hasMessageContaining("exponent (-0.1)");
    assertThatThrownBy(() -> TimeLaw.power(10.5)).hasMessageContaining("exponent (10.5)");
    assertThatThrownBy(() -> TimeLaw.power(Double.NaN)).hasMessageContaining("exponent (NaN)");
    assertThatThrownBy(() -> TimeLaw.window(0.5, 0.5, 0.5)).hasMessageContaining("window [from");
    assertThatThrownBy(() -> TimeLaw.window(0, 1, 0.5)).hasMessageContaining("[0.0, 1.0)");
    assertThatThrownBy(() -> TimeLaw.window(0.2, 0.8, 1)).hasMessageContaining("share (1.0)");
    assertThatThrownBy(() -> TimeLaw.window(0.2, 0.8, 0)).hasMessageContaining("share (0.0)");
    assertThatThrownBy(() -> TimeLaw.bell(1.5, 0.2)).hasMessageContaining("peak (1.5)");
    assertThatThrownBy(() -> TimeLaw.bell(0.5, 0.01)).hasMessageContaining("width (0.01)");
    assertThatThrownBy(() -> TimeLaw.bell(0, 0.1))
        .hasMessageContaining("width (0.1) must be wide enough about peak 0.0");
    assertThatThrownBy(() -> TimeLaw.bell(0.5, 0)).hasMessageContaining("width (0.0)");
    assertThatThrownBy(() -> TimeLaw.uniform().times(1)).hasMessageContaining("levels[0] (1.0)");
  }

  /** The contract finds a density that belongs to another law. */
  @Test
  void aWrongDensityIsFound() {
    TimeLaw wrong =
        new TimeLaw() {
          @Override
          public double time(double u) {
            return TimeLaw.power(1).time(u);
          }

          @Override
          public double density(double t) {
            return TimeLaw.power(0.9).density(t);
          }
        };

    assertThatThrownBy(() -> new Broken(wrong).checkExpectations())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expectation of");
  }

  /** The contract's check of expectations, by reflection: JUnit runs no class without a test. */
  private record Broken(TimeLaw wrong) {
    void checkExpectations() throws Exception {
      TimeLawContract contract =
          new TimeLawContract() {
            @Override
            protected TimeLaw law() {
              return wrong;
            }
          };
      var check =
          TimeLawContract.class.getDeclaredMethod("weighedExpectationsAreThoseUnderUniformTimes");
      check.setAccessible(true);
      try {
        check.invoke(contract);
      } catch (java.lang.reflect.InvocationTargetException e) {
        throw (AssertionError) e.getCause();
      }
    }
  }

  @Nested
  class Uniform extends TimeLawContract {
    @Override
    protected TimeLaw law() {
      return TimeLaw.uniform();
    }
  }

  @Nested
  class Power extends TimeLawContract {
    @Override
    protected TimeLaw law() {
      return TimeLaw.power(1);
    }
  }

  @Nested
  class HalfPower extends TimeLawContract {
    @Override
    protected TimeLaw law() {
      return TimeLaw.power(0.5);
    }
  }

  @Nested
  class Window extends TimeLawContract {
    @Override
    protected TimeLaw law() {
      return TimeLaw.window(0.3, 0.8, 0.9);
    }
  }

  @Nested
  class Floor extends TimeLawContract {
    @Override
    protected TimeLaw law() {
      return TimeLaw.floor(0.1, 0.95);
    }
  }

  @Nested
  class Bell extends TimeLawContract {
    @Override
    protected TimeLaw law() {
      return TimeLaw.bell(0.5, 0.2);
    }
  }
}

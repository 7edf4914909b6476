package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.process.BellTimes;
import org.md4j.process.PowerTimes;
import org.md4j.process.WindowTimes;
import org.md4j.sampling.LogitFilter;
import org.md4j.schedule.MaskingSchedule;

/** Every number of every configuration is checked, by a message that names it. */
class ConfigFieldsTest {
  private static final List<Object> WRONG_INTS = List.of(Integer.MIN_VALUE, -1);
  private static final List<Object> WRONG_DOUBLES =
      List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -Double.MAX_VALUE);

  /** Fields that may be any number. */
  private static final Set<String> FREE = Set.of("seed");

  static Stream<Arguments> fields() {
    Map<Class<?>, Record> found = new LinkedHashMap<>();
    TextPreset.ALL.forEach(preset -> addAll(preset.network(), found));
    TextPreset.ALL.forEach(preset -> addAll(preset.trainer(), found));
    ImagePreset.ALL.forEach(preset -> addAll(preset.network(), found));
    ImagePreset.ALL.forEach(preset -> addAll(preset.trainer(), found));
    Stream.of(
            MaskingSchedule.geometric(0.1, 2),
            MaskingSchedule.polynomial(2),
            MaskingSchedule.reference(),
            new ContinuousTimeElbo(MaskingSchedule.linear()),
            new DiscreteTimeElbo(MaskingSchedule.linear(), 3),
            new PowerTimes(0.5),
            new WindowTimes(0.2, 0.4, 0.5),
            new BellTimes(0.5, 0.2),
            LogitFilter.temperature(1),
            LogitFilter.topK(3),
            LogitFilter.topP(0.9))
        .filter(Record.class::isInstance)
        .forEach(value -> addAll((Record) value, found));
    return found.values().stream()
        .flatMap(
            value ->
                Arrays.stream(value.getClass().getRecordComponents())
                    .filter(field -> field.getType().isPrimitive())
                    .filter(field -> field.getType() != boolean.class)
                    .filter(field -> !FREE.contains(field.getName()))
                    .map(field -> Arguments.of(value, field)));
  }

  private static void addAll(Object value, Map<Class<?>, Record> found) {
    if (value instanceof List<?> list) {
      list.forEach(element -> addAll(element, found));
    }
    if (value instanceof Record record && value.getClass().getName().startsWith("org.md4j.")) {
      found.putIfAbsent(record.getClass(), record);
      for (RecordComponent field : record.getClass().getRecordComponents()) {
        Object part = read(record, field);
        if (part != null) {
          addAll(part, found);
        }
      }
    }
  }

  private static Object read(Record record, RecordComponent field) {
    try {
      field.getAccessor().setAccessible(true);
      return field.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aNumberOutOfAllRangesIsRefusedByName(Record value, RecordComponent field) {
    List<Object> wrong = field.getType() == double.class ? WRONG_DOUBLES : WRONG_INTS;
    List<String> taken = new ArrayList<>();
    for (Object number : wrong) {
      Throwable refusal = catchThrowable(() -> with(value, field, number));
      if (refusal == null) {
        taken.add(String.valueOf(number));
      } else {
        assertThat(refusal.getCause())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(field.getName());
      }
    }
    assertThat(taken).as("%s.%s", value.getClass().getSimpleName(), field.getName()).isEmpty();
  }

  /** Makes the same value but for one field. */
  private static void with(Record value, RecordComponent changed, Object number)
      throws ReflectiveOperationException {
    RecordComponent[] fields = value.getClass().getRecordComponents();
    Class<?>[] types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = read(value, fields[i]);
      if (fields[i].getName().equals(changed.getName())) {
        values[i] = changed.getType() == long.class ? ((Number) number).longValue() : number;
      }
    }
    Constructor<?> constructor = value.getClass().getDeclaredConstructor(types);
    constructor.setAccessible(true);
    constructor.newInstance(values);
  }
}

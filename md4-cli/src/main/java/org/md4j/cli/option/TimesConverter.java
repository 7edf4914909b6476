package org.md4j.cli.option;

import java.util.List;
import org.md4j.process.TimeLaw;

/** Reads a law of times, such as {@code power:1}. */
final class TimesConverter extends NumbersConverter<TimeLaw> {
  TimesConverter() {
    super(
        List.of(
            new Form<>("uniform", n -> TimeLaw.uniform()),
            new Form<>("power:EXPONENT", n -> TimeLaw.power(n[0])),
            new Form<>("window:FROM:TO:SHARE", n -> TimeLaw.window(n[0], n[1], n[2])),
            new Form<>("floor:FROM:SHARE", n -> TimeLaw.floor(n[0], n[1])),
            new Form<>("bell:PEAK:WIDTH", n -> TimeLaw.bell(n[0], n[1]))));
  }
}

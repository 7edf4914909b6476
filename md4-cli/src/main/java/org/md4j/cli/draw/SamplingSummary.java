package org.md4j.cli.draw;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.DrawingFlags;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.SamplingFlags;
import org.md4j.cli.run.RunKind;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Fit;
import org.md4j.sampling.SamplingCost;

/**
 * How texts were drawn and what it took: the JSON line of a command, the protocol on the page of
 * its report and the last line it prints, all from the same numbers.
 */
final class SamplingSummary {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  /** Names that say too little outside JSON. */
  private static final Map<String, String> LABELS =
      Map.of(
          "evaluations", "network evaluations",
          "positions", "positions evaluated");

  private final Map<String, @Nullable Object> before = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> after = new LinkedHashMap<>();
  private final SamplingCost cost;
  private final RunKind kind;

  SamplingSummary(
      Path run,
      RunKind kind,
      Fit fit,
      SamplingFlags sampling,
      Precision precision,
      DrawingFlags drawing,
      SamplingCost cost) {
    this.cost = cost;
    this.kind = kind;
    before.put("run", run.toString());
    before.putAll(sampling.settings(fit));
    before.put("seed", drawing.seed());
    before.put("count", drawing.count(kind));
    after.put("evaluations", cost.evaluations());
    after.put("rows", cost.rows());
    after.put("positions", cost.positions());
    after.put("seconds", cost.seconds());
    after.put(kind.tokens() + "_per_second", cost.tokensPerSecond());
    after.putAll(sampling.furtherSettings(fit));
    after.put("precision", FlagNames.spelled(precision));
    after.put("version", new Versions().md4());
  }

  /** One line of JSON. */
  String toJson(Map<String, ?> what) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(before);
    all.putAll(what);
    all.putAll(after);
    try {
      return JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything but the texts, for people. */
  Map<String, String> protocol() {
    Map<String, String> protocol = new LinkedHashMap<>();
    before.forEach((name, value) -> put(protocol, name, value));
    after.forEach((name, value) -> put(protocol, name, value));
    return protocol;
  }

  /** The accounting in one line. */
  String accounting() {
    return String.format(
        Locale.ROOT,
        "%,d network evaluations of %,d %s in all, %,d positions; %,d %s in %.1f s, %,.0f %s/s",
        cost.evaluations(),
        cost.rows(),
        kind.rows(),
        cost.positions(),
        cost.tokens(),
        kind.tokens(),
        cost.seconds(),
        cost.tokensPerSecond(),
        kind.tokens());
  }

  private void put(Map<String, String> protocol, String name, @Nullable Object value) {
    if (value != null) {
      protocol.put(label(name), shown(value));
    }
  }

  private String label(String name) {
    return switch (name) {
      case "count" -> kind.isText() ? "texts" : kind.rows();
      case "rows" -> kind.rows() + " evaluated";
      default -> LABELS.getOrDefault(name, name.replace('_', ' '));
    };
  }

  private static String shown(Object value) {
    return value instanceof Double number
        ? new BigDecimal(number).round(FOUR_DIGITS).stripTrailingZeros().toPlainString()
        : value.toString();
  }
}

package org.md4j.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.machine.ProcessMemory;
import org.md4j.compute.Precision;
import org.md4j.train.TrainingSummary;

/**
 * What a run came to; with {@code --json} the last line of the output. A number that does not exist
 * (a time when no step was left to do) is null.
 *
 * @param folder of the run
 * @param kind of its data
 * @param precision what the network computed in, in this part of the run
 * @param summary bits a token on the validation part with EMA weights, their standard error, and
 *     times of training steps, without evaluations
 */
public record RunReport(
    RunFolder folder, RunKind kind, Precision precision, TrainingSummary summary) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One line of JSON. */
  public String toJson() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("run", folder.path().toString());
    fields.put("precision", precision.name().toLowerCase(Locale.ROOT));
    fields.put("parameters", summary.parameters());
    fields.put("steps", summary.steps());
    fields.put("valid_bits", summary.validBits());
    fields.put("valid_bits_se", finite(summary.validStandardError()));
    fields.put("train_seconds", summary.trainSeconds());
    fields.put("median_step_seconds", finite(summary.medianStepSeconds()));
    fields.put(kind.tokens() + "_per_second", finite(summary.tokensPerSecond()));
    fields.put("peak_resident_mb", ProcessMemory.peakResidentMegabytes());
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}

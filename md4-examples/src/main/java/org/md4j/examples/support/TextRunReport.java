package org.md4j.examples.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.md4j.train.TrainingSummary;

/**
 * What a run came to; with {@code --json} the last line of the output. A number that does not exist
 * (a time when no step was left to do) is null.
 *
 * @param run the run folder
 * @param parameters of the network
 * @param steps done in all
 * @param validBits bits a character on the validation part, EMA weights
 * @param validBitsSe its standard error
 * @param trainSeconds in training steps, without evaluations
 * @param medianStepSeconds of a training step
 * @param charactersPerSecond seen in training
 * @param peakResidentMb largest resident set of the process, 2^20 bytes
 */
@JsonNaming(SnakeCaseStrategy.class)
public record TextRunReport(
    String run,
    long parameters,
    int steps,
    double validBits,
    @Nullable Double validBitsSe,
    double trainSeconds,
    @Nullable Double medianStepSeconds,
    @Nullable Double charactersPerSecond,
    @Nullable Double peakResidentMb) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The report of a finished run. */
  public static TextRunReport of(RunFolder folder, TrainingSummary summary) {
    return new TextRunReport(
        folder.path().toString(),
        summary.parameters(),
        summary.steps(),
        summary.validBits(),
        finite(summary.validStandardError()),
        summary.trainSeconds(),
        finite(summary.medianStepSeconds()),
        finite(summary.tokensPerSecond()),
        ProcessMemory.peakResidentMegabytes());
  }

  /** One line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}

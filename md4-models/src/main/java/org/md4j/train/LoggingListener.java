package org.md4j.train;

import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a run to the log (SLF4J, INFO): one line every so many steps and one an evaluation. */
public final class LoggingListener implements TrainingListener {
  private static final Logger LOGGER = LoggerFactory.getLogger(LoggingListener.class);

  private final int every;

  /**
   * Makes a listener that logs one step in {@code every}.
   *
   * @param every steps for each line, at least 1
   */
  public LoggingListener(int every) {
    Settings.requireAtLeast("every", every, 1);
    this.every = every;
  }

  @Override
  public void onStart(TrainingStart start) {
    LOGGER.info(
        "training {} parameters from step {} to {}, {} rows of {} tokens a step, {} replicas, on {}",
        start.parameters(),
        start.firstStep(),
        start.config().steps(),
        start.config().batchSize(),
        start.length(),
        start.replicas(),
        start.training());
  }

  @Override
  public void onStep(StepReport step) {
    if (step.step() % every == 0 && LOGGER.isInfoEnabled()) {
      LOGGER.info(
          String.format(
              Locale.ROOT,
              "step %d: %.4f bits per token, learning rate %.3g, gradient norm %.3g, %.0f tokens/s",
              step.step(),
              step.bitsPerToken(),
              step.learningRate(),
              step.gradientNorm(),
              step.tokensPerSecond()));
    }
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    if (LOGGER.isInfoEnabled()) {
      boolean hasError = !Double.isNaN(evaluation.standardError()); // Of one group there is none.
      LOGGER.info(
          String.format(
              Locale.ROOT,
              "step %d: validation %.4f%s bits per token on %d rows",
              evaluation.step(),
              evaluation.bitsPerToken(),
              hasError ? String.format(Locale.ROOT, " +- %.4f", evaluation.standardError()) : "",
              evaluation.rows()));
    }
  }

  @Override
  public void onCheckpoint(Path file) {
    LOGGER.info("checkpoint {}", file);
  }
}

package org.md4j.cli.evaluate;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.data.TokenSequence;
import org.md4j.data.Tokenizer;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.LikelihoodMeasurement;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.likelihood.Proportion;
import org.md4j.likelihood.SampleMean;
import org.md4j.objective.Objective;
import org.md4j.quality.NgramModel;
import org.md4j.sampling.RowSampling;
import org.md4j.train.Checkpoint;
import org.md4j.zeroshot.ChoiceQuestion;
import org.md4j.zeroshot.EvaluationSet;
import org.md4j.zeroshot.EvaluationText;
import org.md4j.zeroshot.LastWords;
import org.md4j.zeroshot.MultipleChoice;

/**
 * Measures a run on sets it was not trained on.
 *
 * @param run name of the run
 * @param checkpoint of the run
 * @param denoiser its network
 * @param fit what fits its objective
 * @param tokenizer of its words
 * @param training what it learned from, for models to compare with; null for none
 * @param precision what the network computes in
 * @param flags what is asked for
 * @param log told what is being measured
 */
public record ZeroShotMeasurement(
    Path run,
    Checkpoint checkpoint,
    Denoiser denoiser,
    Fit fit,
    Tokenizer tokenizer,
    @Nullable TokenSequence training,
    Precision precision,
    ZeroShotFlags flags,
    PrintStream log) {
  private static final int TRIGRAM = 3;

  /** A lead of fewer standard errors decides nothing. */
  private static final double DECISIVE = 2;

  /** Measures everything; one line of JSON, or a table and lines for people. */
  public String measure(Map<EvaluationSet, Path> files, boolean json) {
    ZeroShotReport report = report(files);
    return json ? report.toJson() + "\n" : report.toText();
  }

  private ZeroShotReport report(Map<EvaluationSet, Path> files) {
    List<ZeroShotRow> rows = rows(files);
    Proportion words = lastWords(files.get(EvaluationSet.LAMBADA));
    List<ChoiceQuestion> questions =
        flags.choices() == null ? List.of() : ChoiceQuestion.read(flags.choices());
    long right = 0;
    long undecided = 0;
    for (int i = 0; i < questions.size(); i++) {
      MultipleChoice.Choice choice = choices().answer(questions.get(i), i);
      right += choice.chosen() == questions.get(i).answer() ? 1 : 0;
      SampleMean lead = choice.lead();
      undecided += lead.mean() < DECISIVE * lead.standardError() ? 1 : 0;
    }
    return new ZeroShotReport(
        rows,
        missing(files),
        words,
        questions.isEmpty() ? null : new Proportion(right, questions.size()),
        undecided,
        flags.confidence(),
        choicesMade());
  }

  private List<String> missing(Map<EvaluationSet, Path> files) {
    List<String> missing = new ArrayList<>();
    for (EvaluationSet set : EvaluationSet.values()) {
      if (!files.containsKey(set)) {
        List<String> names = set.fileNames(flags.split());
        missing.add(
            names.isEmpty()
                ? set.title() + ": has no such part"
                : "%s: no %s in %s".formatted(set.title(), names.get(0), flags.sets()));
      }
    }
    return missing;
  }

  private List<ZeroShotRow> rows(Map<EvaluationSet, Path> files) {
    NgramModel unigram = ngrams(1);
    NgramModel trigram = ngrams(TRIGRAM);
    Map<Path, ZeroShotRow> measured = new LinkedHashMap<>();
    List<ZeroShotRow> rows = new ArrayList<>();
    files.forEach(
        (set, file) -> {
          EvaluationText text = EvaluationText.read(set, file, tokenizer, flags.detokenised());
          ZeroShotRow same = measured.get(file);
          if (same == null) {
            same = row(text, unigram, trigram);
            measured.put(file, same);
          }
          rows.add(same.of(text));
        });
    return rows;
  }

  private ZeroShotRow row(
      EvaluationText text, @Nullable NgramModel unigram, @Nullable NgramModel trigram) {
    RowSource all = text.tokens().chunks(checkpoint.network().length());
    RowSource rows = flags.chosen(all);
    log.printf(Locale.ROOT, "%s: %,d rows%n", text.set().title(), rows.size());
    LikelihoodProtocol protocol = new LikelihoodProtocol(objective(), 1, draws());
    LikelihoodEstimate estimate =
        LikelihoodMeasurement.of(denoiser, fit, rows)
            .withSeed(flags.seed())
            .withProtocol(protocol)
            .withMostEvaluations(Long.MAX_VALUE)
            .forEvaluations(rows.size() * protocol.drawsPerRow());
    return new ZeroShotRow(
        text,
        all.size(),
        estimate,
        unigram == null ? null : unigram.bitsPerToken(rows),
        trigram == null ? null : trigram.bitsPerToken(rows));
  }

  private @Nullable NgramModel ngrams(int order) {
    if (training == null) {
      return null;
    }
    log.printf(Locale.ROOT, "counting %,d tokens for order %d%n", training.length(), order);
    return NgramModel.of(training, order);
  }

  private @Nullable Proportion lastWords(@Nullable Path passages) {
    if (passages == null || flags.lastWords() == 0) {
      return null;
    }
    LastWords words =
        LastWords.read(passages, tokenizer, checkpoint.network().length()).first(flags.lastWords());
    log.printf(Locale.ROOT, "last words of %,d passages%n", words.starts().size());
    return words.right(
        new RowSampling(
                LastWords.sampler(fit), tokenizer.vocabulary(), words.starts(), flags.seed())
            .draw(denoiser));
  }

  private MultipleChoice choices() {
    return new MultipleChoice(
        denoiser,
        objective(),
        tokenizer,
        checkpoint.network().length(),
        fit.isExact() ? 1 : flags.choiceDraws(),
        new CounterRandom(flags.seed()));
  }

  private int draws() {
    return fit.isExact() ? 1 : flags.draws();
  }

  /** By numbers of masks where there are such, whose weights are bounded. */
  private Objective objective() {
    return fit.objective().inMaskCounts().orElse(fit.inTime());
  }

  private Map<String, Object> choicesMade() {
    Map<String, Object> choices = new LinkedHashMap<>();
    choices.put("run", run.toString());
    choices.put("tokenizer", tokenizer.identity().name());
    choices.put("split", FlagNames.spelled(flags.split()));
    choices.put(
        "text",
        flags.detokenised() ? "detokenised by the rules of SEDD and MDLM" : "raw, as published");
    choices.put("examples", "lines, or passages of LAMBADA, with an end of text after each");
    choices.put(
        "context",
        "%d tokens, rows that do not overlap, no padding, the last rest left out"
            .formatted(checkpoint.network().length()));
    choices.put(
        "estimator",
        (fit.isExact() ? "" : "upper bound (ELBO), ")
            + Fit.describe(new LikelihoodProtocol(objective(), 1, draws())));
    choices.put("standard_error", "over rows");
    choices.put(
        "ngram_models",
        training == null
            ? "none"
            : "Witten-Bell interpolated, of the first %,d tokens of the run's training text"
                .formatted(training.length()));
    choices.put("precision", FlagNames.spelled(precision));
    choices.put("weights", "EMA, step " + checkpoint.step());
    choices.put("seed", flags.seed());
    choices.put("version", new Versions().md4());
    return choices;
  }
}

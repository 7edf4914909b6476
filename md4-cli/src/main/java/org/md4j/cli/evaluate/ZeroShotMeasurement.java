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
  /** A lead of fewer standard errors decides nothing. */
  private static final double DECISIVE = 2;

  /** A set that is read, and the rows of it to measure. */
  private record Prepared(EvaluationText text, long all, RowSource rows) {}

  /**
   * Measures everything; one line of JSON, or a table and lines for people. All files are read and
   * checked before the network is asked, and the log has each result as soon as it is there.
   *
   * @param files of each set that is there
   */
  public String measure(Map<EvaluationSet, List<Path>> files, boolean json) {
    List<Prepared> sets = new ArrayList<>();
    files.forEach((set, paths) -> sets.add(prepared(set, paths)));
    LastWords words = lastWords(files.getOrDefault(EvaluationSet.LAMBADA, List.of()));
    List<ChoiceQuestion> questions = questions();
    List<ZeroShotRow> rows = rows(sets);
    ZeroShotReport report = report(files, rows, right(words), answers(questions));
    return json ? report.toJson() + "\n" : report.toText();
  }

  private ZeroShotReport report(
      Map<EvaluationSet, List<Path>> files,
      List<ZeroShotRow> rows,
      @Nullable Proportion words,
      @Nullable Answers answers) {
    return new ZeroShotReport(
        rows,
        missing(files),
        words,
        answers == null ? null : answers.right(),
        answers == null || fit.isExact() ? null : answers.undecided(),
        flags.confidence(),
        choicesMade());
  }

  private Prepared prepared(EvaluationSet set, List<Path> files) {
    EvaluationText text = EvaluationText.read(set, files, tokenizer, flags.detokenised());
    RowSource all = text.tokens().chunks(checkpoint.network().length());
    return new Prepared(text, all.size(), flags.chosen(all));
  }

  private List<String> missing(Map<EvaluationSet, List<Path>> files) {
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

  private List<ZeroShotRow> rows(List<Prepared> sets) {
    NgramModel unigram = ngrams(1);
    NgramModel trigram = ngrams(NgramModel.WORDS);
    Map<String, ZeroShotRow> measured = new LinkedHashMap<>();
    List<ZeroShotRow> rows = new ArrayList<>();
    for (Prepared set : sets) {
      ZeroShotRow same = measured.get(set.text().tokens().sha256());
      ZeroShotRow row = same == null ? row(set, unigram, trigram) : same.of(set.text());
      measured.put(set.text().tokens().sha256(), row);
      rows.add(row);
      log.println(row.toMarkdown());
    }
    return rows;
  }

  private ZeroShotRow row(
      Prepared set, @Nullable NgramModel unigram, @Nullable NgramModel trigram) {
    RowSource rows = set.rows();
    log.printf(Locale.ROOT, "%s: %,d rows%n", set.text().set().title(), rows.size());
    LikelihoodProtocol protocol = new LikelihoodProtocol(objective(), 1, draws());
    LikelihoodEstimate estimate =
        LikelihoodMeasurement.of(denoiser, fit, rows)
            .withSeed(flags.seed())
            .withProtocol(protocol)
            .withMostEvaluations(Long.MAX_VALUE)
            .forEvaluations(rows.size() * protocol.drawsPerRow());
    return new ZeroShotRow(
        set.text(),
        set.all(),
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

  private @Nullable LastWords lastWords(List<Path> passages) {
    return passages.isEmpty() || flags.lastWords() == 0
        ? null
        : LastWords.read(
            passages.get(0),
            flags.lastWords(),
            tokenizer,
            checkpoint.network().length(),
            flags.detokenised());
  }

  private @Nullable Proportion right(@Nullable LastWords words) {
    if (words == null) {
      return null;
    }
    log.printf(Locale.ROOT, "last words of %,d passages%n", words.starts().size());
    return words.right(
        new RowSampling(
                LastWords.sampler(fit), tokenizer.vocabulary(), words.starts(), flags.seed())
            .draw(denoiser));
  }

  private List<ChoiceQuestion> questions() {
    Path file = flags.choices();
    if (file == null) {
      return List.of();
    }
    List<ChoiceQuestion> all = ChoiceQuestion.read(file);
    List<ChoiceQuestion> first = all.subList(0, Math.min(all.size(), flags.questions()));
    first.forEach(choices()::requireFits);
    return first;
  }

  /** What became of the questions. */
  private record Answers(Proportion right, long undecided) {}

  private @Nullable Answers answers(List<ChoiceQuestion> questions) {
    if (questions.isEmpty()) {
      return null;
    }
    log.printf(Locale.ROOT, "%,d questions%n", questions.size());
    MultipleChoice choices = choices();
    long right = 0;
    long undecided = 0;
    for (int i = 0; i < questions.size(); i++) {
      MultipleChoice.Choice choice = choices.answer(questions.get(i), i);
      right += choice.chosen() == questions.get(i).answer() ? 1 : 0;
      SampleMean lead = choice.lead();
      // One draw has no error, and decides nothing.
      undecided += lead.mean() > DECISIVE * lead.standardError() ? 0 : 1;
    }
    return new Answers(new Proportion(right, questions.size()), undecided);
  }

  private MultipleChoice choices() {
    return new MultipleChoice(
        denoiser,
        objective(),
        tokenizer,
        checkpoint.network().length(),
        choiceDraws(),
        new CounterRandom(flags.seed()));
  }

  private int choiceDraws() {
    return fit.isExact() ? 1 : flags.choiceDraws();
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
    choices.put("confidence_of_intervals", flags.confidence());
    choices.put(
        "last_words",
        "%s, a blank for each token of the word, the likeliest token each time, %s"
            .formatted(
                flags.lastWords() == Integer.MAX_VALUE
                    ? "all passages"
                    : "at most the first %,d passages".formatted(flags.lastWords()),
                switch (fit.unmasking()) {
                  case COMMON_SCHEDULE -> "the surest blank first";
                  case LEFT_TO_RIGHT -> "from left to right";
                  case SCHEDULE_OF_EACH_TOKEN, UNKNOWN -> "in the order the model draws";
                }));
    Path file = flags.choices();
    if (file != null) {
      choices.put(
          "choices",
          "%s, the bound of an end of text, context and ending, %d draws"
              .formatted(file, choiceDraws()));
    }
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

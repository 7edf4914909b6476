package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.TextData;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.NamedGrid;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunShards;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.study.StudyCase;
import org.md4j.cli.study.StudyOut;
import org.md4j.cli.study.WordsReport;
import org.md4j.cli.study.WordsStudy;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.core.TokenBatch;
import org.md4j.data.TokenShards;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.quality.ModelJudge;
import org.md4j.quality.OnnxLanguageModel;
import org.md4j.quality.TextJudge;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.ToldTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures drawn words by language models, against how varied they are. */
@Command(
    name = "words",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description =
        "Draw texts from the EMA weights of a run of words at several numbers of steps and"
            + " temperatures, and judge them by language models (generative perplexity), beside how varied"
            + " they are and how many of their words are known. Writes words.md, words.json, words.png and"
            + " the texts.")
public final class StudyWordsCommand implements Callable<Integer> {
  private static final int ROWS_TOGETHER = 16;
  private static final int LEAST_TOKENS = 3;
  private static final int GPT2_CONTEXT = 1_024;

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Option(
      names = "--judge",
      paramLabel = "RUN",
      description = "The folder of an ar run of words that judges. Default: none.")
  private @Nullable Path judge;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      description = "A causal language model in an ONNX file that judges, too. Default: none.")
  private @Nullable Path onnx;

  @Option(
      names = "--onnx-tokenizer",
      paramLabel = "NAME",
      defaultValue = RunTokenizer.GPT2,
      description = "Its tokenizer: gpt2 or a tokenizer.json. Default: ${DEFAULT-VALUE}.")
  private String onnxTokenizer = RunTokenizer.GPT2;

  @Option(
      names = "--onnx-context",
      paramLabel = "TOKENS",
      defaultValue = "1024",
      description = "The longest text it takes at once. Default: ${DEFAULT-VALUE}, GPT-2's.")
  private int onnxContext = GPT2_CONTEXT;

  @Mixin private StudyOut out = new StudyOut();

  @Option(
      names = "--rows",
      paramLabel = "TEXTS",
      defaultValue = "32",
      description = "Texts for each row of the table. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      split = ",",
      defaultValue = "16,64,256",
      description = "Numbers of steps, on the cosine grid. Default: ${DEFAULT-VALUE}.")
  private int[] steps = {};

  @Option(
      names = "--temperatures",
      paramLabel = "NUMBER",
      split = ",",
      defaultValue = "0.7,0.85,1",
      description = "Numbers that divide the logits. Default: ${DEFAULT-VALUE}.")
  private double[] temperatures = {};

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides every draw. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  /** Creates the command, to print to a terminal. */
  public StudyWordsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    requireValid();
    RunFolder folder = RunFolder.of(run).requireRun().requireKind(RunKind.WORDS);
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    RunTokenizer tokenizer = RunTokenizer.of(folder);
    List<TextJudge> judges = new ArrayList<>();
    try (MaskedDiffusion model =
        MaskedDiffusion.load(
            folder.checkpoint(), tokenizer.types(), ComputeBackend.preferred(computed))) {
      TokenShards shards =
          RunShards.open(
              folder,
              model.checkpoint(),
              "held-out texts of theirs are what drawn ones stand beside");
      TextData data = TextData.of(shards, model.network().length());
      if (data.validation().size() < rows) {
        throw new CommandException(
            "--rows (%d) must be at most the %d held-out texts of %d tokens there are"
                .formatted(rows, data.validation().size(), data.validation().length()));
      }
      addJudges(judges);
      study(model, tokenizer, data, judges, computed);
    } finally {
      judges.forEach(TextJudge::close);
    }
    terminal.err().println("table, plot and texts are in " + out.folder());
    return 0;
  }

  private void requireValid() throws IOException {
    if (judge == null && onnx == null) {
      throw new CommandException("--judge or --onnx must be given: what drawn texts are judged by");
    }
    if (rows < 2) {
      throw new CommandException("--rows (" + rows + ") must be at least 2");
    }
    if (onnxContext < 2) {
      throw new CommandException("--onnx-context (" + onnxContext + ") must be at least 2");
    }
    for (int count : steps) {
      if (count < 1) {
        throw new CommandException("--steps (" + count + ") must be at least 1");
      }
    }
    for (double temperature : temperatures) {
      if (!(temperature > 0 && temperature <= Double.MAX_VALUE)) {
        throw new CommandException(
            "--temperatures (" + temperature + ") must be positive and finite");
      }
    }
    out.check();
  }

  private void addJudges(List<TextJudge> judges) throws IOException {
    if (judge != null) {
      RunFolder folder = RunFolder.of(judge).requireRun().requireKind(RunKind.WORDS);
      MaskedDiffusion model =
          MaskedDiffusion.load(
              folder.checkpoint(),
              RunTokenizer.of(folder).types(),
              ComputeBackend.preferred(Precision.F32));
      if (!model.fit().isExact()) {
        model.close();
        throw new CommandException(
            "--judge (%s) must be an ar run, got another: train one with ./md4 train text --model ar"
                .formatted(judge));
      }
      judges.add(new ModelJudge("the ar run " + folder.path().getFileName(), model));
    }
    if (onnx != null) {
      judges.add(
          OnnxLanguageModel.open(onnx, RunTokenizer.named(onnxTokenizer).tokenizer(), onnxContext));
    }
  }

  private void study(
      MaskedDiffusion model,
      RunTokenizer tokenizer,
      TextData data,
      List<TextJudge> judges,
      Precision computed)
      throws IOException {
    int length = model.network().length();
    if (length < LEAST_TOKENS) {
      throw new CommandException(
          "length of the run's texts (%d) must be at least %d".formatted(length, LEAST_TOKENS));
    }
    RowDrawer drawer =
        new RowDrawer(model.denoiser(), model.network().vocabulary(), length, 0, ROWS_TOGETHER);
    WordsStudy study =
        new WordsStudy(
            drawer, tokenizer.tokenizer(), judges, data.knownWords(tokenizer.tokenizer()));
    WordsReport empty =
        new WordsReport(
            run.toString(),
            model.checkpoint().step(),
            data.validation().name(),
            judges.stream().map(TextJudge::name).toList(),
            rows,
            length,
            seed,
            FlagNames.spelled(computed),
            study.measure(textsOf(data.validation().spread(rows))),
            List.of());
    WordsReport report =
        study.measure(empty, cases(model.fit()), out.folder(), terminal.err()::println);
    terminal.out().print(report.toMarkdown());
  }

  private static List<int[]> textsOf(RowSource source) {
    TokenBatch all = source.rows(LongStream.range(0, source.size()).toArray()).tokens();
    return IntStream.range(0, all.rows()).mapToObj(all::row).toList();
  }

  /** All temperatures at each number of steps; an ar run has no steps. */
  private List<WordsStudy.Case> cases(Fit fit) {
    int[] counts = fit.isExact() ? new int[] {1} : steps;
    return Arrays.stream(counts)
        .boxed()
        .flatMap(
            count ->
                Arrays.stream(temperatures)
                    .mapToObj(temperature -> studied(fit, count, temperature)))
        .toList();
  }

  private static WordsStudy.Case studied(Fit fit, int count, double temperature) {
    LogitFilter filter =
        temperature == 1 ? LogitFilter.none() : LogitFilter.temperature(temperature);
    return new WordsStudy.Case(
        new StudyCase(
            fit.isExact() ? "autoregressive" : "event-driven",
            "temperature " + temperature,
            fit.isExact() ? null : NamedGrid.COSINE,
            fit.isExact() ? null : count,
            fit.sampler(TimeGrid.cosine(count), filter, ToldTime.OF_STEP)),
        temperature);
  }
}

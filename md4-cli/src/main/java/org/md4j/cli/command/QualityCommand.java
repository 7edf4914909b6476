package org.md4j.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.ComparisonFlags;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.SamplingFlags;
import org.md4j.cli.quality.PictureComparison;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.terminal.CountedDenoiser;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Fit;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ParallelDenoiser;
import org.md4j.quality.ImageQuality;
import org.md4j.sampling.ReverseSampler;
import org.md4j.train.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how close a run's pictures are to real ones. */
@Command(
    name = "quality",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description =
        "Draw pictures from the EMA weights of a run and compare them with real ones: Fréchet"
            + " distance, precision and recall (k = 3), beside what held-out pictures get.")
public final class QualityCommand implements Callable<Integer> {
  static final int TOGETHER = 16;

  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  private final Terminal terminal;

  @Parameters(
      paramLabel = "RUN",
      description = "The folder of an image run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Mixin private ComparisonFlags comparison = new ComparisonFlags();

  @Mixin private SamplingFlags sampling = SamplingFlags.fromScratch();

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  @Option(names = "--json", description = "End the output with one line of JSON. Default: off.")
  private boolean json;

  /** Creates the command, to print to a terminal. */
  public QualityCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    comparison.check();
    sampling.check();
    RunFolder folder = RunFolder.of(run).requireRun();
    ImageRunConfig config = folder.readConfig(ImageRunConfig.class);
    NativeBackend.requireUsable();
    Checkpoint checkpoint = Checkpoint.read(folder.checkpoint());
    Fit fit = new Fit(checkpoint.averagedObjective());
    ReverseSampler sampler = sampling.sampler(fit, config.shape());
    Precision computed = precision.chosen(terminal);
    try (PictureComparison compared = comparison.open(config, terminal.err())) {
      RowDrawer.Drawn drawn = draw(sampler, checkpoint, computed);
      ImageQuality quality = compared.judge().quality(drawn.rows());
      print("", "drawn", "held out");
      print(compared.distance(), quality.frechetDistance(), compared.heldOut().frechetDistance());
      print("precision, k = 3", quality.precision(), compared.heldOut().precision());
      print("recall, k = 3", quality.recall(), compared.heldOut().recall());
      if (json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("run", run.toString());
        fields.putAll(sampling.settings(fit));
        fields.put("precision", FlagNames.spelled(computed));
        fields.put("seed", comparison.seed());
        fields.put("count", comparison.count());
        fields.put("data", compared.sets().training().name());
        fields.put("data_sha256", compared.sets().training().sha256());
        fields.put("reference_pictures", compared.judge().reference().count());
        fields.put("features", compared.told());
        fields.put("distance", compared.distance());
        fields.put("drawn", quality);
        fields.put("held_out", compared.heldOut());
        fields.put("seconds", drawn.cost().seconds());
        terminal.out().println(JSON.writeValueAsString(fields));
      }
    }
    return 0;
  }

  private RowDrawer.Drawn draw(ReverseSampler sampler, Checkpoint checkpoint, Precision computed) {
    NetworkConfig network = checkpoint.network();
    try (ParallelDenoiser all =
            ParallelDenoiser.onAllCores(
                checkpoint.averagedNetwork(ComputeBackend.preferred(computed)));
        CountedDenoiser denoiser = new CountedDenoiser(all, terminal)) {
      return new RowDrawer(
              denoiser, network.vocabulary(), network.length(), network.classes(), TOGETHER)
          .draw(sampler, comparison.count(), comparison.seed());
    }
  }

  private void print(String name, double drawn, double heldOut) {
    print(
        name,
        String.format(Locale.ROOT, "%.3f", drawn),
        String.format(Locale.ROOT, "%.3f", heldOut));
  }

  private void print(String name, String drawn, String heldOut) {
    terminal.out().println(String.format(Locale.ROOT, "%-28s %10s %10s", name, drawn, heldOut));
  }
}

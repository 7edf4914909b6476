package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.CommandProcess;
import org.md4j.cli.run.RunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.diffusion.Model;
import org.md4j.file.FileReplacement;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.MuonConfig;
import org.md4j.train.TrainerConfig;

/**
 * Runs that are ended again and again, each in processes of its own, and gone on with until they
 * come to their end, which must be that of a run nobody ended: checkpoint and metrics, to the bit.
 *
 * <p>Moments are drawn: at random over the time that such a process takes, or as soon as a file is
 * being written, a little later.
 */
final class EndedRuns {
  private static final int STEPS = 60;
  private static final int PATIENCE_SECONDS = 120;
  private static final long GLANCE_NANOSECONDS = 20_000;
  private static final double LATEST_MILLISECONDS = 4;

  private final Path folder;
  private final Random random;
  private final List<Kind> kinds;
  private final Map<String, Integer> moments = new TreeMap<>();
  private int number;

  /**
   * A kind of run.
   *
   * @param name of it
   * @param command text or image
   * @param config its settings, from a folder of pictures
   */
  record Kind(String name, String command, IntFunction<RunConfig> config) {}

  /** How a process is ended: by a signal that it cannot hear, or by one that it can. */
  enum Ending {
    KILL(137),
    INT(130),
    TERM(130),
    HUP(130);

    private final int exitCode;

    Ending(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  /**
   * Makes runs in a folder.
   *
   * @param kinds taken in turn
   */
  EndedRuns(Path folder, List<Kind> kinds, long seed) {
    this.folder = folder;
    this.kinds = kinds;
    this.random = new Random(seed);
  }

  /** MD4 and GenMD4 on text and pictures, by AdamW and Muon, in one piece and in micro-batches. */
  static List<Kind> everyKind(Path folder) throws IOException {
    Path pictures = TinyPictures.in(folder.resolve("pictures"), 12);
    List<Kind> kinds = new ArrayList<>();
    for (Model model : List.of(Model.MD4, Model.GENMD4)) {
      for (boolean muon : new boolean[] {false, true}) {
        for (int parts : new int[] {1, 2}) {
          String name = "%s, %s, %d parts".formatted(model, muon ? "muon" : "adamw", parts);
          kinds.add(
              new Kind(
                  "text, " + name,
                  "text",
                  steps ->
                      new TextRunConfig(
                          "test",
                          model,
                          null,
                          TransformerConfig.builder(27, 16)
                              .layers(2)
                              .heads(1)
                              .headSize(8)
                              .shortConvolution(3)
                              .build(),
                          trainer(steps, muon, parts))));
          kinds.add(
              new Kind(
                  "pictures, " + name,
                  "image",
                  steps ->
                      TinyImageRun.config(
                          model, pictures, pictures, List.of(), trainer(steps, muon, parts))));
        }
      }
    }
    return kinds;
  }

  private static TrainerConfig trainer(int steps, boolean muon, int parts) {
    return TrainerConfig.builder(steps, 4, 0.01)
        .accumulation(parts)
        .optimizer(
            adamW ->
                adamW.warmupSteps(2).emaRate(0.9).muon(MuonConfig.builder(muon ? 0.02 : 0).build()))
        .evaluation(evaluation -> evaluation.every(5).rows(8))
        .checkpoints(checkpoints -> checkpoints.every(3))
        .replicas(1)
        .seed(7)
        .build();
  }

  /** The number of processes ended, by what was being written. */
  Map<String, Integer> moments() {
    return moments;
  }

  /** Ends so many processes of runs, one run after the other. */
  void end(int count, List<Ending> endings) throws IOException, InterruptedException {
    int ended = 0;
    while (ended < count) {
      Kind kind = kinds.get(number % kinds.size());
      Path unbroken = unbroken(kind);
      Path run = made(kind, folder.resolve("run" + number++));
      boolean finished = false;
      while (!finished) {
        Ending ending = endings.get(ended % endings.size());
        finished = ended == count ? trained(kind, run) : trainedOrEnded(kind, run, ending);
        ended += finished ? 0 : 1;
      }
      requireEqual(kind, run, unbroken);
    }
  }

  private void requireEqual(Kind kind, Path run, Path unbroken) throws IOException {
    assertThat(run.resolve("checkpoint.md4"))
        .as(kind.name())
        .hasSameBinaryContentAs(unbroken.resolve("checkpoint.md4"));
    assertThat(StoppedRun.unclockedMetrics(run))
        .as(kind.name())
        .isEqualTo(StoppedRun.unclockedMetrics(unbroken));
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.filter(file -> file.toString().endsWith(FileReplacement.PARTIAL)))
          .as(kind.name())
          .isEmpty();
    }
  }

  private Path unbroken(Kind kind) throws IOException, InterruptedException {
    Path unbroken = folder.resolve("unbroken" + kinds.indexOf(kind));
    if (!Files.exists(unbroken)) {
      trained(kind, made(kind, unbroken));
    }
    return unbroken;
  }

  private static Path made(Kind kind, Path run) throws IOException {
    Files.createDirectories(run);
    new RunFolder(run).write(kind.config().apply(STEPS));
    return run;
  }

  private boolean trained(Kind kind, Path run) throws IOException, InterruptedException {
    try (CommandProcess training = start(kind, run)) {
      assertThat(training.exitCode()).as(training.printed()).isZero();
    }
    return true;
  }

  private static CommandProcess start(Kind kind, Path run) throws IOException {
    return CommandProcess.md4(
        run.resolveSibling(run.getFileName() + ".log"),
        "train",
        kind.command(),
        "--resume",
        run.toString(),
        "--precision=f32");
  }

  /** Tells whether the run came to its end before it was ended. */
  private boolean trainedOrEnded(Kind kind, Path run, Ending ending)
      throws IOException, InterruptedException {
    try (CommandProcess training = start(kind, run)) {
      waitForMoment(training, run);
      String writing = writing(run);
      if (ending == Ending.KILL) {
        training.process().destroyForcibly();
      } else {
        training.signal(ending.name());
      }
      int exitCode = training.exitCode();
      if (exitCode == 0) {
        return true;
      }
      assertThat(exitCode)
          .as(training.printed())
          .isIn(ending.exitCode, 128 + number(ending)); // Before the handlers are there.
      moments.merge(ending + " while writing " + writing, 1, Integer::sum);
      return false;
    }
  }

  private static int number(Ending ending) {
    return switch (ending) {
      case HUP -> 1;
      case INT -> 2;
      case KILL -> 9;
      case TERM -> 15;
    };
  }

  private void waitForMoment(CommandProcess training, Path run) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    if (random.nextInt(3) == 0) {
      // From its first breath to its last, as often as in between.
      TimeUnit.MILLISECONDS.sleep(random.nextInt(6_000));
      return;
    }
    int wanted = random.nextInt(30);
    @Nullable String last = null;
    while (wanted >= 0 && training.process().isAlive() && System.nanoTime() < end) {
      String now = writing(run);
      if (!now.equals(last) && !now.equals("nothing")) {
        wanted--;
      }
      last = now;
      TimeUnit.NANOSECONDS.sleep(GLANCE_NANOSECONDS);
    }
    TimeUnit.NANOSECONDS.sleep((long) (random.nextDouble() * LATEST_MILLISECONDS * 1e6));
  }

  /** The files that are being written. */
  private static String writing(Path run) {
    @Nullable String @Nullable [] names = run.toFile().list();
    if (names == null) {
      return "nothing";
    }
    return Stream.of(names)
        .filter(name -> name != null && name.endsWith(FileReplacement.PARTIAL))
        .sorted()
        .findFirst()
        .orElse("nothing");
  }
}

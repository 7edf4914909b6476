package org.md4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.md4j.core.Vocabulary;
import org.md4j.examples.support.DrawnRow;
import org.md4j.examples.support.DrawnRows;
import org.md4j.examples.support.ImageRunConfig;
import org.md4j.examples.support.NativeBackend;
import org.md4j.examples.support.Pictures;
import org.md4j.examples.support.RowDisplay;
import org.md4j.examples.support.RowSampling;
import org.md4j.examples.support.RunFolder;
import org.md4j.examples.support.RunKind;
import org.md4j.examples.support.Terminal;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.ReplicaPool;
import org.md4j.sampling.SamplingListener;
import org.md4j.train.Checkpoint;

/**
 * Draws pictures from the EMA weights of a run and sends them where they are wanted.
 *
 * @param folder of the run
 * @param sampling the sampler
 * @param drawing what is to become of the pictures
 * @param pictures what else there is to say of pictures
 * @param terminal where it is told
 */
record ImageDrawing(
    RunFolder folder,
    SamplingFlags sampling,
    DrawingFlags drawing,
    PictureFlags pictures,
    Terminal terminal) {
  /** Draws from nothing but masks and writes a grid. */
  void sample() throws IOException {
    sampling.check();
    pictures.check();
    ImageRunConfig config = folder.requireRun().readConfig(ImageRunConfig.class);
    drawing.check(RunKind.IMAGE, config.shape().tokens());
    int count = drawing.count(RunKind.IMAGE);
    int classes = config.network().classes();
    List<Integer> labels = pictures.labels(count, classes);
    NativeBackend.requireUsable();
    Checkpoint checkpoint = Checkpoint.read(folder.checkpoint());
    Vocabulary vocabulary = config.network().vocabulary();
    RowSampling rows =
        new RowSampling(
            sampling.sampler(checkpoint.averagedObjective()),
            vocabulary,
            RowSampling.masks(vocabulary, count, config.shape().tokens()),
            labels,
            drawing.seed());
    DrawnRows drawn;
    try (ReplicaPool pool = new ReplicaPool(ReplicaPool.defaultSize())) {
      drawn =
          rows.draw(
              pictures.guided(ParallelDenoiser.of(pool, checkpoint.averagedNetwork()), classes),
              RowDisplay.none(),
              SamplingListener.none());
    }
    Path out =
        drawing.out() == null
            ? folder.newPictures(LocalDateTime.now(ZoneId.systemDefault()))
            : drawing.out();
    Pictures.write(
        new Pictures(config.shape())
            .grid(drawn.rows().stream().map(DrawnRow::tokens).toList(), pictures.columns()),
        out);
    SamplingSummary summary =
        new SamplingSummary(
            folder.path(),
            RunKind.IMAGE,
            checkpoint.averagedObjective(),
            sampling,
            drawing,
            drawn.cost());
    if (!drawing.quiet()) {
      terminal.err().println(summary.accounting());
      terminal.err().println("the pictures are in " + out);
    }
    if (drawing.json()) {
      terminal.out().println(summary.toJson(Map.of("pictures", out.toString())));
    }
  }
}

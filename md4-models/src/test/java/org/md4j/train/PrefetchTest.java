package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;
import org.md4j.data.image.IdxImages;
import org.md4j.data.image.ImageSource;
import org.md4j.data.image.PrefetchingImages;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;

/** The trainer says which images it will ask for, and trains the same whoever listens. */
class PrefetchTest {
  private static final int IMAGES = 50;
  private static final int LENGTH = 6;
  private static final int STEPS = 5;
  private static final int BATCH = 8;
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(256, LENGTH).layers(1).heads(2).headSize(4).build();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeImages() throws IOException {
    ByteBuffer idx = ByteBuffer.allocate(16 + IMAGES * LENGTH);
    idx.putInt(0x0803).putInt(IMAGES).putInt(2).putInt(LENGTH / 2);
    while (idx.hasRemaining()) {
      idx.put((byte) (idx.position() * 37));
    }
    file = Files.write(folder.resolve("images"), idx.array());
  }

  @Test
  void theHintIsWhatTheNextStepAsksFor() {
    try (ImageSource images = IdxImages.read(file, null)) {
      Recorder recorder = new Recorder(images);
      train(recorder, images, 1);

      assertThat(recorder.asked).hasSize(STEPS * BATCH);
      assertThat(recorder.hints.subList(0, (STEPS - 1) * BATCH))
          .isEqualTo(recorder.asked.subList(BATCH, STEPS * BATCH));
    }
  }

  @Test
  void readingAheadChangesNoBit() {
    try (ImageSource images = IdxImages.read(file, null);
        ImageSource ahead = PrefetchingImages.of(IdxImages.read(file, null), BATCH, 2)) {
      assertThat(train(ahead, ahead, 2)).containsExactly(train(images, images, 2));
    }
  }

  private static float[] train(RowSource training, RowSource validation, int replicas) {
    TransformerDenoiser network = TransformerDenoiser.create(NETWORK, 1);
    try (Trainer trainer =
        new Trainer(
            network,
            new ContinuousTimeElbo(MaskingSchedule.reference()),
            training,
            validation,
            TrainerConfig.builder(STEPS, BATCH, 0.01)
                .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.9))
                .replicas(replicas)
                .build(),
            List.of())) {
      trainer.train();
    }
    return network.parameters().toFloatVector();
  }

  /** Writes down what is asked for, and the hints. */
  private static final class Recorder implements RowSource {
    private final RowSource source;
    private final List<Long> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> hints = new ArrayList<>();

    Recorder(RowSource source) {
      this.source = source;
    }

    @Override
    public Vocabulary vocabulary() {
      return source.vocabulary();
    }

    @Override
    public int length() {
      return source.length();
    }

    @Override
    public long size() {
      return source.size();
    }

    @Override
    public void row(long index, int[] into) {
      asked.add(index);
      source.row(index, into);
    }

    @Override
    public void prefetch(long... indices) {
      Arrays.stream(indices).forEach(hints::add);
    }

    @Override
    public String name() {
      return source.name();
    }

    @Override
    public String sha256() {
      return source.sha256();
    }
  }
}

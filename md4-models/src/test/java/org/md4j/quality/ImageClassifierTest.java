package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;

class ImageClassifierTest {
  private static final ClassifierConfig CONFIG =
      ClassifierConfig.builder(7).steps(40).batch(16).learningRate(3e-3).build();

  @Test
  void learnsLabelsAndItsFeaturesTellRealFromBlank() {
    ImageClassifier classifier =
        ImageClassifier.train(new Bars(200, true, 0), new Bars(100, true, 1), 8, 8, 1, CONFIG);

    assertThat(classifier.accuracy()).isGreaterThan(0.9);
    try (ImageFeatures features = classifier.features()) {
      FeatureStatistics real = statistics(features, new Bars(200, true, 2), 0);
      double same = FrechetDistance.between(real, statistics(features, new Bars(200, true, 3), 0));
      double blank =
          FrechetDistance.between(real, statistics(features, new Bars(200, true, 3), 200));
      assertThat(blank).isGreaterThan(5 * same);
    }
  }

  @Test
  void learnsRotationsOfImagesWithoutLabels() {
    ImageClassifier classifier =
        ImageClassifier.train(new Bars(200, false, 0), new Bars(100, false, 1), 8, 8, 1, CONFIG);

    assertThat(classifier.accuracy()).isGreaterThan(0.8);
    assertThat(classifier.features().name()).startsWith("classifier of four rotations of bars");
  }

  @Test
  void isTheSameForTheSameSeed() {
    ClassifierConfig few = ClassifierConfig.builder(1).steps(3).batch(8).learningRate(1e-3).build();
    ImageClassifier one =
        ImageClassifier.train(new Bars(20, true, 0), new Bars(20, true, 1), 8, 8, 1, few);
    ImageClassifier again =
        ImageClassifier.train(new Bars(20, true, 0), new Bars(20, true, 1), 8, 8, 1, few);

    int[][] images = {new int[64], new int[64]};
    assertThat(again.features().name()).isEqualTo(one.features().name());
    assertThat(again.features().features(images).toFloatMatrix())
        .isDeepEqualTo(one.features().features(images).toFloatMatrix());
  }

  @Test
  void rejectsImagesOfAnotherShape() {
    Bars bars = new Bars(20, true, 0);

    assertThatThrownBy(() -> ImageClassifier.train(bars, bars, 8, 8, 3, CONFIG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("images of bars must have N = 8 * 8 * 3 tokens, got 64");
  }

  private static FeatureStatistics statistics(ImageFeatures features, Bars bars, int darker) {
    FeatureAccumulator accumulator = new FeatureAccumulator(features.width());
    int[][] images = new int[(int) bars.size()][bars.length()];
    for (int i = 0; i < images.length; i++) {
      bars.row(i, images[i]);
      for (int n = 0; n < images[i].length; n++) {
        images[i][n] = Math.max(0, images[i][n] - darker);
      }
    }
    accumulator.add(features.features(images));
    return accumulator.statistics(new FeatureProvenance(features.name(), bars.name(), null));
  }

  /** Noisy images, bright at the top left; those of class 1, if labelled, at the top right. */
  private record Bars(long size, boolean labelled, long seed) implements RowSource {
    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(256);
    }

    @Override
    public int length() {
      return 64;
    }

    @Override
    public int classes() {
      return labelled ? 2 : 0;
    }

    @Override
    public int label(long index) {
      return (int) (index % 2);
    }

    @Override
    public void row(long index, int[] into) {
      for (int n = 0; n < into.length; n++) {
        double noise = new CounterRandom(seed).uniforms(Purpose.DATA, 0).at(index, n);
        boolean bright = n / 8 < 4 && (n % 8 < 4) == (!labelled || index % 2 == 0);
        into[n] = (int) (60 * noise) + (bright ? 180 : 0);
      }
    }

    @Override
    public String name() {
      return "bars";
    }

    @Override
    public String sha256() {
      return "00";
    }
  }
}

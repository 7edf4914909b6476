package org.md4j.diffusion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.data.Tokenizer;
import org.md4j.data.image.ImageGrid;
import org.md4j.data.image.ImageShape;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.SamplingCost;

/** Holds the rows a model has drawn, as tokens, texts or images. Immutable. */
public final class Samples {
  private final Vocabulary vocabulary;
  private final DrawnRows drawn;
  private final @Nullable Tokenizer tokenizer;
  private final @Nullable ImageShape imageShape;

  Samples(
      Vocabulary vocabulary,
      DrawnRows drawn,
      @Nullable Tokenizer tokenizer,
      @Nullable ImageShape imageShape) {
    this.vocabulary = vocabulary;
    this.drawn = drawn;
    this.tokenizer = tokenizer;
    this.imageShape = imageShape;
  }

  /** The tokens of each row, in the order they were asked for; [N] each, no masks. */
  public List<int[]> rows() {
    return drawn.rows().stream().map(DrawnRow::tokens).toList();
  }

  /**
   * The tokens as one batch, [B, N].
   *
   * @throws IllegalArgumentException if the rows have several lengths
   */
  public TokenBatch tokens() {
    return TokenBatch.of(vocabulary, rows().toArray(int[][]::new));
  }

  /** What the sampler asked of the network. */
  public SamplingCost cost() {
    return drawn.cost();
  }

  /**
   * The rows as texts.
   *
   * @throws UnsupportedOperationException if the model has no tokenizer
   */
  public List<String> texts() {
    Tokenizer decoder = tokenizer;
    if (decoder == null) {
      throw new UnsupportedOperationException(
          "the model must have a tokenizer to write texts, and was trained on tokens that were"
              + " never text: use rows()");
    }
    return drawn.decoded(decoder::decode);
  }

  /**
   * Writes the rows as one PNG file of images side by side.
   *
   * @param png replaced if it exists; its folder must exist
   * @param columns images in a line, at least 1
   * @throws UnsupportedOperationException if the model is not of images
   * @throws IOException if the file cannot be written
   */
  public void writeGrid(Path png, int columns) throws IOException {
    new ImageGrid(shape(), columns).write(png, rows());
  }

  private ImageShape shape() {
    ImageShape shape = imageShape;
    if (shape == null) {
      throw new UnsupportedOperationException(
          "the model must be of images to write them, and is not: use rows() or texts()");
    }
    return shape;
  }
}

package org.md4j.cli.option;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.md4j.cli.data.NoisePictures;
import org.md4j.cli.data.TextData;
import org.md4j.cli.terminal.CommandException;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.RowSource;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.diffusion.Model;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.NetworkConfig;
import org.md4j.model.image.ImageDenoiser;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.train.ImagePreset;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A preset of text or images to be timed.
 *
 * @param name what a user calls it
 * @param network its shape
 * @param trainer its training
 */
public record BenchmarkPreset(String name, NetworkConfig network, TrainerConfig trainer) {
  /** All presets of texts and images, and the networks of peers. */
  public static final List<BenchmarkPreset> ALL =
      Stream.of(
              TextPresets.ALL.stream().map(BenchmarkPreset::of),
              ImagePreset.ALL.stream().map(BenchmarkPreset::of),
              Stream.of(
                  of(PeerPresets.TEXT),
                  of(PeerPresets.WORDS),
                  of(PeerPresets.IMAGES28),
                  of(PeerPresets.IMAGES64)))
          .flatMap(Function.identity())
          .toList();

  private static BenchmarkPreset of(TextPreset text) {
    return new BenchmarkPreset(text.name(), text.network(), text.trainer());
  }

  private static BenchmarkPreset of(ImagePreset image) {
    return new BenchmarkPreset(image.name(), image.network(), image.trainer());
  }

  /** The preset as a model wants it. */
  public BenchmarkPreset as(Model model) {
    if (network instanceof TransformerConfig transformer) {
      return new BenchmarkPreset(name, model.network(transformer), model.trainer(trainer));
    }
    if (model != Model.MD4 && model != Model.GENMD4) {
      throw new CommandException("--model " + model + " is of no use to --preset " + name);
    }
    return this;
  }

  /**
   * Makes a new network.
   *
   * @param backend what computes
   */
  public GraphDenoiser create(ComputeBackend backend) {
    if (network instanceof TransformerConfig transformer) {
      return TransformerDenoiser.create(transformer, 0, DataType.FLOAT, backend);
    }
    if (network instanceof UNetConfig image) {
      return ImageDenoiser.create(image, 0, DataType.FLOAT, backend);
    }
    throw new IllegalStateException("a preset's network is one of ours, got " + network);
  }

  /** Something to train on: real text, or pictures of noise, which cost no less. */
  public RowSource examples() {
    if (!(network instanceof TransformerConfig transformer)) {
      return new NoisePictures(network);
    }
    Tokenizer words = new Gpt2Tokenizer();
    return transformer.vocabulary().equals(words.vocabulary())
        ? TextData.novels(words).windows(transformer.length())
        : TextData.load(null, transformer.length()).training();
  }
}

package org.md4j.cli.run;

import org.jspecify.annotations.Nullable;
import org.md4j.diffusion.Model;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.train.TrainerConfig;

/**
 * Everything that decides how a run of characters or words goes; {@code config.json} of its run
 * folder.
 *
 * @param preset the name of the preset the settings started from
 * @param model what the network is trained as; md4 if the file says nothing
 * @param maskSamples masks of a training row; null where the model leaves no choice
 * @param data absolute path of the text's file, or of the folder of shards of words; null for the
 *     text that comes with md4
 * @param tokenizer of words, as {@link RunTokenizer} names it; null for 27 symbols
 * @param network the shape of the network
 * @param trainer the settings of its training
 */
public record TextRunConfig(
    String preset,
    Model model,
    @Nullable MaskSamples maskSamples,
    @Nullable String data,
    @Nullable String tokenizer,
    TransformerConfig network,
    TrainerConfig trainer)
    implements RunConfig {
  /** Rejects what a damaged file may leave out. */
  public TextRunConfig {
    requirePresent("preset", preset);
    model = model == null ? Model.MD4 : model;
    requirePresent("network", network);
    requirePresent("trainer", trainer);
    if (tokenizer != null && data == null) {
      throw new IllegalArgumentException("data must be given for a run of words, got nothing");
    }
  }

  /** Settings of a run of 27 symbols that leave the masks of a row to the model. */
  public TextRunConfig(
      String preset,
      Model model,
      @Nullable String data,
      TransformerConfig network,
      TrainerConfig trainer) {
    this(preset, model, null, data, null, network, trainer);
  }

  /** The same run on another text. */
  public TextRunConfig withData(String data) {
    return new TextRunConfig(preset, model, maskSamples, data, tokenizer, network, trainer);
  }

  /** The same run with other settings of its training. */
  public TextRunConfig withTrainer(TrainerConfig trainer) {
    return new TextRunConfig(preset, model, maskSamples, data, tokenizer, network, trainer);
  }

  /** Of characters or of words. */
  public RunKind kind() {
    return tokenizer == null ? RunKind.TEXT : RunKind.WORDS;
  }

  @Override
  public Objective objective() {
    return model.objective(network.vocabulary(), maskSamples);
  }

  private static void requirePresent(String name, @Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must be given, got nothing");
    }
  }
}

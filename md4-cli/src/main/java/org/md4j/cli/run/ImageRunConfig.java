package org.md4j.cli.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.data.image.ImageShape;
import org.md4j.diffusion.Model;
import org.md4j.model.image.UNetConfig;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.train.TrainerConfig;

/**
 * Everything that decides how an image run goes; {@code config.json} of its run folder.
 *
 * @param preset the name of the preset the settings started from
 * @param model what the network is trained as
 * @param maskSamples masks of a training picture; null where the model leaves no choice
 * @param data the pictures' file or folder, absolute; null for the pictures that come with md4
 * @param valid those of validation; null for a part of the data
 * @param crop whether pictures are cropped and resized to the network's size
 * @param classNames of the data, by the numbers the network is told; empty if it is told none
 * @param network the shape of the network
 * @param trainer the settings of its training
 */
public record ImageRunConfig(
    String preset,
    Model model,
    @Nullable MaskSamples maskSamples,
    @Nullable String data,
    @Nullable String valid,
    boolean crop,
    List<String> classNames,
    UNetConfig network,
    TrainerConfig trainer)
    implements RunConfig {
  /** Rejects what a damaged file may leave out; files of before class names have none. */
  public ImageRunConfig {
    requirePresent("preset", preset);
    requirePresent("model", model);
    classNames = classNames == null ? List.of() : List.copyOf(classNames);
    requirePresent("network", network);
    requirePresent("trainer", trainer);
  }

  /** Says in the file what kind of run it is. */
  @JsonProperty(value = "kind", access = JsonProperty.Access.READ_ONLY)
  public String kind() {
    return RunKind.IMAGE.toString();
  }

  /** The same run on pictures that lie elsewhere. */
  public ImageRunConfig withData(@Nullable String data, @Nullable String valid) {
    return new ImageRunConfig(
        preset, model, maskSamples, data, valid, crop, classNames, network, trainer);
  }

  /** The shape of a picture. */
  public ImageShape shape() {
    return new ImageShape(network.height(), network.width(), network.colours());
  }

  /** The same run with other settings of its training. */
  public ImageRunConfig withTrainer(TrainerConfig trainer) {
    return new ImageRunConfig(
        preset, model, maskSamples, data, valid, crop, classNames, network, trainer);
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

package org.md4j.diffusion;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.UnlabelledDenoiser;
import org.md4j.core.Vocabulary;
import org.md4j.data.TokenSplits;
import org.md4j.data.Tokenizer;
import org.md4j.data.image.ImageShape;
import org.md4j.data.image.ImageSplits;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.data.text.TextTemplate;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.Objective;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.RowSampling;
import org.md4j.sampling.Template;
import org.md4j.sampling.ToldTime;
import org.md4j.train.Checkpoint;
import org.md4j.train.CheckpointTypes;
import org.md4j.train.Trainer;

/**
 * A trained model as one thing: the network with its averaged parameters, a replica a core, the
 * objective it was trained on, and the tokenizer or the shape of images that its tokens stand for.
 * It knows what fits them, so that these lines hold for every model:
 *
 * <pre>{@code
 * try (MaskedDiffusion model = MaskedDiffusion.load(Path.of("runs/mini"))) {
 *   List<String> filled = model.infill("the ____ of the ________", 3).texts();
 *   LikelihoodEstimate bits = model.likelihood(heldOut).toStandardError(0.005);
 * }
 * }</pre>
 *
 * <p>What a model cannot do it says in one line, as an {@link UnsupportedOperationException}: write
 * texts if it has no tokenizer, draw if its objective names no schedule and no sampler is given.
 *
 * <p>Everything is deterministic for a seed. A model is used by one thread at a time; {@link
 * #close} ends the threads of its replicas.
 */
public final class MaskedDiffusion implements AutoCloseable {
  /** The name of the checkpoint in a folder of a run. */
  public static final String CHECKPOINT = "checkpoint.md4";

  private final Checkpoint checkpoint;
  private final CheckpointTypes types;
  private final Fit fit;
  private final @Nullable Tokenizer tokenizer;
  private final ParallelDenoiser denoiser;

  private MaskedDiffusion(Checkpoint checkpoint, CheckpointTypes types, ComputeBackend backend) {
    this.checkpoint = checkpoint;
    this.types = types;
    this.fit = new Fit(checkpoint.averagedObjective());
    this.tokenizer = tokenizer(checkpoint, types);
    this.denoiser = ParallelDenoiser.onAllCores(checkpoint.averagedNetwork(backend));
  }

  /**
   * Loads a model of parts that come with the library, which computes with {@link
   * ComputeBackend#preferred()}, as every model that is loaded without a backend.
   *
   * @param path a checkpoint, or a folder that holds {@value #CHECKPOINT}
   * @throws org.md4j.train.CheckpointException if it cannot be used; says why in one line
   */
  public static MaskedDiffusion load(Path path) {
    return load(path, CheckpointTypes.standard());
  }

  /**
   * Loads a model of parts that come with the library, to be computed by a backend.
   *
   * @param path a checkpoint, or a folder that holds {@value #CHECKPOINT}
   * @param backend what computes whatever the model is asked; need not be what it was trained with
   * @throws org.md4j.train.CheckpointException if it cannot be used; says why in one line
   */
  public static MaskedDiffusion load(Path path, ComputeBackend backend) {
    return load(path, CheckpointTypes.standard(), backend);
  }

  /**
   * Loads a model.
   *
   * @param path a checkpoint, or a folder that holds {@value #CHECKPOINT}
   * @param types the names of its parts, those of the user's own among them
   * @throws org.md4j.train.CheckpointException if it cannot be used; says why in one line
   */
  public static MaskedDiffusion load(Path path, CheckpointTypes types) {
    return load(path, types, ComputeBackend.preferred());
  }

  /**
   * Loads a model, to be computed by a backend.
   *
   * @param path a checkpoint, or a folder that holds {@value #CHECKPOINT}
   * @param types the names of its parts, those of the user's own among them
   * @param backend what computes whatever the model is asked; need not be what it was trained with
   * @throws org.md4j.train.CheckpointException if it cannot be used; says why in one line
   */
  public static MaskedDiffusion load(Path path, CheckpointTypes types, ComputeBackend backend) {
    Path file = Files.isDirectory(path) ? path.resolve(CHECKPOINT) : path;
    return of(Checkpoint.read(file, types), types, backend);
  }

  /**
   * Makes a model of a checkpoint, which computes with {@link ComputeBackend#preferred()}.
   *
   * @param checkpoint its arrays are used, not copied
   * @param types the names of its parts
   */
  public static MaskedDiffusion of(Checkpoint checkpoint, CheckpointTypes types) {
    return of(checkpoint, types, ComputeBackend.preferred());
  }

  /**
   * Makes a model of a checkpoint.
   *
   * @param checkpoint its arrays are used, not copied
   * @param types the names of its parts
   * @param backend what computes whatever the model is asked
   */
  public static MaskedDiffusion of(
      Checkpoint checkpoint, CheckpointTypes types, ComputeBackend backend) {
    return new MaskedDiffusion(checkpoint, types, backend);
  }

  /**
   * Trains a model on a sequence of tokens, of text or of the user's own: on all windows of the
   * training part, judged on chunks of the validation part, both of the network's length.
   *
   * @throws IllegalArgumentException if data, network and training do not fit together
   * @throws org.md4j.train.TrainingDivergedException if a loss or gradient is not finite
   */
  public static MaskedDiffusion train(TokenSplits data, NetworkConfig network, Training training) {
    return train(
        data.train().windows(network.length()),
        data.valid().chunks(network.length()),
        network,
        training);
  }

  /** Trains a model on images, as {@link #train(TokenSplits, NetworkConfig, Training)} does. */
  public static MaskedDiffusion train(ImageSplits data, NetworkConfig network, Training training) {
    return train(data.train(), data.valid(), network, training);
  }

  /**
   * Trains a model on any rows.
   *
   * @param data rows to learn from
   * @param validation rows to be judged on
   * @param network its shape; made what the model asks for ({@link Model#network}), as are the
   *     settings ({@link Model#trainer})
   * @throws IllegalArgumentException if data, network and training do not fit together
   * @throws org.md4j.train.TrainingDivergedException if a loss or gradient is not finite
   */
  public static MaskedDiffusion train(
      RowSource data, RowSource validation, NetworkConfig network, Training training) {
    Objective objective = training.objectiveFor(network.vocabulary());
    if (training.objective() != null) {
      return run(data, validation, network, objective, training, null);
    }
    Model model = training.model();
    return run(
        data,
        validation,
        model.network(network),
        objective,
        training.toBuilder().config(model.trainer(training.config())).build(),
        null);
  }

  /**
   * Goes on training where this model's checkpoint ends, on the same data and with the same
   * objective, as the unbroken run would have; this model stays what it is. To the bit as the
   * unbroken run if the training's backend is that of the first part.
   *
   * @param data what it was trained on
   * @param validation rows to be judged on
   * @param training with the settings of the first training, its steps as many as are to be done in
   *     all; its objective and model are not read
   * @return the model trained further
   * @throws org.md4j.train.CheckpointException if data or settings are others
   */
  public MaskedDiffusion continueTraining(RowSource data, RowSource validation, Training training) {
    Training fitting =
        fit.isExact()
            ? training.toBuilder().config(Model.AR.trainer(training.config())).build()
            : training;
    return run(data, validation, checkpoint.network(), checkpoint.objective(), fitting, checkpoint);
  }

  /**
   * Goes on training on a sequence, as {@link #train(TokenSplits, NetworkConfig, Training)} began.
   */
  public MaskedDiffusion continueTraining(TokenSplits data, Training training) {
    int length = network().length();
    return continueTraining(data.train().windows(length), data.valid().chunks(length), training);
  }

  /** Goes on training on images, as {@link #train(ImageSplits, NetworkConfig, Training)} began. */
  public MaskedDiffusion continueTraining(ImageSplits data, Training training) {
    return continueTraining(data.train(), data.valid(), training);
  }

  private static MaskedDiffusion run(
      RowSource data,
      RowSource validation,
      NetworkConfig network,
      Objective objective,
      Training training,
      @Nullable Checkpoint from) {
    try (Trainer trainer =
        new Trainer(
            network.create(training.config().seed(), training.backend()),
            objective,
            data,
            validation,
            training.config(),
            training.listeners())) {
      if (from != null) {
        trainer.restore(from);
      }
      Path file = training.checkpoint();
      if (file != null) {
        trainer.checkpointTo(file, training.types());
      }
      trainer.train();
      return of(trainer.checkpoint(), training.types(), training.backend());
    }
  }

  /**
   * Writes the model to a file, from which it can be loaded, and trained further to the bit.
   *
   * @param file replaced at once if it exists; its folder must exist
   * @throws org.md4j.train.CheckpointException if it cannot be written
   */
  public void save(Path file) {
    checkpoint.write(file, types);
  }

  /** The shape of the network. */
  public NetworkConfig network() {
    return checkpoint.network();
  }

  /** What the model is evaluated by: its objective, with the average of a learned schedule. */
  public Objective objective() {
    return fit.objective();
  }

  /** What fits the objective. */
  public Fit fit() {
    return fit;
  }

  /** The checkpoint behind this model: settings, steps done, data and library version. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /**
   * What turns text into the model's tokens; empty if they were never text. Where the checkpoint
   * names none, a transformer of 27 values is taken for one of {@link Text27Tokenizer}.
   */
  public Optional<Tokenizer> tokenizer() {
    return Optional.ofNullable(tokenizer);
  }

  /** The shape of the images the model draws; empty if it draws none. */
  public Optional<ImageShape> imageShape() {
    return network() instanceof UNetConfig images
        ? Optional.of(new ImageShape(images.height(), images.width(), images.colours()))
        : Optional.empty();
  }

  /**
   * The network with its averaged parameters, all replicas as one: for samplers and measurements of
   * the lower level. Ends with this model.
   */
  public Denoiser denoiser() {
    return denoiser;
  }

  /** Draws rows of the network's length with {@link SamplingSettings#standard()}. */
  public Samples sample(int count) {
    return sample(count, SamplingSettings.standard());
  }

  /**
   * Draws rows of the network's length.
   *
   * @param count of rows, at least 1
   * @throws UnsupportedOperationException if no sampler of ours fits and none is given
   */
  public Samples sample(int count, SamplingSettings settings) {
    return sample(count, network().length(), settings);
  }

  /**
   * Draws rows of another length, for networks that take one.
   *
   * @param count of rows, at least 1
   * @param length N, at least 1
   */
  public Samples sample(int count, int length, SamplingSettings settings) {
    return draw(RowSampling.masks(vocabulary(), count, length), ToldTime.OF_STEP, settings);
  }

  /**
   * Fills in a text, {@code _} for every blank, with {@link SamplingSettings#standard()}.
   *
   * @param template e.g. {@code the ____ of the ________}
   * @param count of texts to draw, at least 1
   * @throws UnsupportedOperationException if the model has no tokenizer
   * @throws org.md4j.data.DataException if the text holds no blank or an unknown symbol
   */
  public Samples infill(String template, int count) {
    return infill(template, count, SamplingSettings.standard());
  }

  /** Fills in a text as {@link #infill(String, int)} does. */
  public Samples infill(String template, int count, SamplingSettings settings) {
    Tokenizer reader = tokenizer;
    if (reader == null) {
      throw new UnsupportedOperationException(
          "the model must have a tokenizer to read a template, and was trained on tokens that"
              + " were never text: give a Template of tokens");
    }
    return infill(TextTemplate.parse(reader, template), count, settings);
  }

  /**
   * Fills in a row of tokens; what is given never changes. A network with a common schedule is told
   * the time that fits the tokens in place.
   *
   * @param count of rows to draw, at least 1
   */
  public Samples infill(Template template, int count, SamplingSettings settings) {
    if (count < 1) {
      throw new IllegalArgumentException("count (" + count + ") must be at least 1");
    }
    return draw(
        Collections.nCopies(count, template.row().row(0)), ToldTime.OF_VISIBLE_TOKENS, settings);
  }

  /**
   * Measures how likely rows are under the model: an upper bound of their cost, the negative ELBO,
   * or their exact cost for an autoregressive model.
   *
   * <p>A network with classes is told those of the rows, or none if they have none; labels are
   * ignored by a network without.
   *
   * @param heldOut rows the model has not seen
   * @throws IllegalArgumentException if they are of another vocabulary or tokenizer
   */
  public LikelihoodMeasurement likelihood(RowSource heldOut) {
    requireReadable(heldOut);
    int classes = network().classes();
    RowSource rows = classes == 0 ? heldOut.withoutLabels() : heldOut;
    Denoiser told = classes > 0 && heldOut.classes() == 0 ? unlabelled() : denoiser;
    return LikelihoodMeasurement.of(told, fit, rows);
  }

  @Override
  public void close() {
    denoiser.close();
  }

  /**
   * The tokenizer a checkpoint names; for a transformer of 27 values whose checkpoint names none,
   * as those from before tokenizers were recorded, that of 27 symbols.
   */
  private static @Nullable Tokenizer tokenizer(Checkpoint checkpoint, CheckpointTypes types) {
    Tokenizer symbols = new Text27Tokenizer();
    boolean isOfSymbols =
        checkpoint.network() instanceof TransformerConfig transformer
            && transformer.vocabulary().equals(symbols.vocabulary());
    return checkpoint.tokenizer(types).orElse(isOfSymbols ? symbols : null);
  }

  private Vocabulary vocabulary() {
    return network().vocabulary();
  }

  private Samples draw(List<int[]> starts, ToldTime toldTime, SamplingSettings settings) {
    DrawnRows drawn = new Drawing(denoiser, network(), fit).draw(starts, toldTime, settings);
    return new Samples(vocabulary(), drawn, tokenizer, imageShape().orElse(null));
  }

  /** The network told the null label whatever it is asked. */
  private Denoiser unlabelled() {
    return new UnlabelledDenoiser(denoiser, network().classes());
  }

  private void requireReadable(RowSource rows) {
    if (!rows.vocabulary().equals(vocabulary())) {
      throw new IllegalArgumentException(
          "rows must be of the network's vocabulary, V = %d, got V = %d"
              .formatted(vocabulary().size(), rows.vocabulary().size()));
    }
    Optional<TokenizerIdentity> theirs = rows.tokenizer();
    if (tokenizer != null && theirs.isPresent() && !theirs.get().equals(tokenizer.identity())) {
      throw new IllegalArgumentException(
          "rows must be by the model's tokenizer (%s), got those of another (%s): read the text with MaskedDiffusion.tokenizer()"
              .formatted(tokenizer.identity().name(), theirs.get().name()));
    }
  }
}

package org.md4j.diffusion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Vocabulary;
import org.md4j.objective.Objective;
import org.md4j.train.CheckpointTypes;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;

/**
 * Says how a model is trained: what on, with which settings, who is told, and where checkpoints go.
 *
 * @param config the trainer's settings, its seed among them
 * @param model what the network is trained as; read where no objective is given
 * @param objective an objective for a vocabulary instead of the model's; null, the default, for the
 *     model's
 * @param checkpoint the file that checkpoints are written to; its folder must exist. Null, the
 *     default, for none
 * @param types the names by which parts of the user's own are saved, by default {@link
 *     CheckpointTypes#standard()}
 * @param backend what computes, in which precision; by default {@link ComputeBackend#preferred()},
 *     which is in 32 bits. A training may go on in another precision than it began in
 * @param listeners told of every step, evaluation and checkpoint, by default nobody
 */
public record Training(
    TrainerConfig config,
    Model model,
    @Nullable Function<? super Vocabulary, ? extends Objective> objective,
    @Nullable Path checkpoint,
    CheckpointTypes types,
    ComputeBackend backend,
    List<TrainingListener> listeners) {
  /** Copies the list. */
  public Training {
    listeners = List.copyOf(listeners);
  }

  /** Returns the training of an MD4 network with these settings and every default. */
  public static Training of(TrainerConfig config) {
    return builder(config).build();
  }

  /** Returns a builder that starts with every default. */
  public static Builder builder(TrainerConfig config) {
    return new Builder(config);
  }

  /** Returns a builder that starts with what is said here. */
  public Builder toBuilder() {
    Builder builder = new Builder(config);
    builder.model = model;
    builder.objective = objective;
    builder.checkpoint = checkpoint;
    builder.types = types;
    builder.backend = backend;
    builder.listeners.addAll(listeners);
    return builder;
  }

  /** The objective for tokens of a vocabulary. */
  Objective objectiveFor(Vocabulary vocabulary) {
    return objective == null ? model.objective(vocabulary) : objective.apply(vocabulary);
  }

  /** Collects what is said of a training by name. */
  public static final class Builder {
    private TrainerConfig config;
    private Model model = Model.MD4;
    private @Nullable Function<? super Vocabulary, ? extends Objective> objective;
    private @Nullable Path checkpoint;
    private CheckpointTypes types = CheckpointTypes.standard();
    private ComputeBackend backend = ComputeBackend.preferred();
    private final List<TrainingListener> listeners = new ArrayList<>();

    private Builder(TrainerConfig config) {
      this.config = config;
    }

    /** Sets the trainer's settings. */
    public Builder config(TrainerConfig config) {
      this.config = config;
      return this;
    }

    /** Sets what the network is trained as. */
    public Builder model(Model model) {
      this.model = model;
      return this;
    }

    /** Sets an objective, say with a schedule of the user's own, instead of the model's. */
    public Builder objective(Objective objective) {
      this.objective = vocabulary -> objective;
      return this;
    }

    /** Sets the file that checkpoints are written to. */
    public Builder checkpoint(Path checkpoint) {
      this.checkpoint = checkpoint;
      return this;
    }

    /** Sets the names by which parts of the user's own are saved. */
    public Builder types(CheckpointTypes types) {
      this.types = types;
      return this;
    }

    /**
     * Sets what computes, say {@code ComputeBackend.preferred(Precision.fastest())}, in training
     * and in what the trained model is asked.
     */
    public Builder backend(ComputeBackend backend) {
      this.backend = backend;
      return this;
    }

    /** Adds a listener. */
    public Builder listener(TrainingListener listener) {
      listeners.add(listener);
      return this;
    }

    /** Returns what has been said. */
    public Training build() {
      return new Training(config, model, objective, checkpoint, types, backend, listeners);
    }
  }
}

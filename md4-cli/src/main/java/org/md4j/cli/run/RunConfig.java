package org.md4j.cli.run;

import org.md4j.model.NetworkConfig;
import org.md4j.objective.Objective;
import org.md4j.train.TrainerConfig;

/** Everything that decides how a run goes; {@code config.json} of its run folder. */
public interface RunConfig {
  /** The network. */
  NetworkConfig network();

  /** The settings of its training. */
  TrainerConfig trainer();

  /** What the network is trained on. */
  Objective objective();
}

package org.md4j.cli.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.md4j.diffusion.Model;

/** Says how {@code config.json} spells a model: by the name the command line takes. */
abstract class ModelSpelling {
  @Override
  @JsonValue
  public abstract String toString();

  @JsonCreator
  static Model named(String name) {
    return Model.named(name);
  }
}

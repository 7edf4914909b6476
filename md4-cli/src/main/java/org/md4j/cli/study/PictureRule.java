package org.md4j.cli.study;

import org.md4j.cli.option.FlagNames;
import org.md4j.data.image.ImageShape;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.FixedOrderSampler;
import org.md4j.sampling.PositionOrder;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.UnmaskingRule;

/** A rule by which the study of pictures reveals them. */
public enum PictureRule {
  /** Steps of the diffusion model. */
  ANCESTRAL {
    @Override
    ReverseSampler sampler(Decoding decoding, TimeGrid times, ImageShape shape) {
      return new EventDrivenSampler(decoding, UnmaskingRule.ANCESTRAL, times);
    }
  },

  /** Euler steps. */
  EULER {
    @Override
    ReverseSampler sampler(Decoding decoding, TimeGrid times, ImageShape shape) {
      return new EventDrivenSampler(decoding, UnmaskingRule.EULER, times);
    }
  },

  /** Tau-leaping. */
  TAU_LEAPING {
    @Override
    ReverseSampler sampler(Decoding decoding, TimeGrid times, ImageShape shape) {
      return new EventDrivenSampler(decoding, UnmaskingRule.TAU_LEAPING, times);
    }
  },

  /** Pixels far apart together, in the order of a Halton sequence. */
  HALTON {
    @Override
    ReverseSampler sampler(Decoding decoding, TimeGrid times, ImageShape shape) {
      return new FixedOrderSampler(
          decoding, PositionOrder.halton(shape.height(), shape.width(), shape.colours()), times);
    }
  };

  /** The sampler that reveals by this rule. */
  abstract ReverseSampler sampler(Decoding decoding, TimeGrid times, ImageShape shape);

  @Override
  public String toString() {
    return FlagNames.spelled(this);
  }
}

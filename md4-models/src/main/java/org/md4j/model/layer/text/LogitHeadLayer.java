package org.md4j.model.layer.text;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.BlockNormalization;
import org.md4j.model.layer.BlockwiseHead;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * The output head (reference code b9fbf29, networks/transformer.py) at the wanted positions only:
 * positions [P], I32, x [B, N, D] and, if conditioned, cond [B, C] to logits [P, V],
 *
 * <pre>
 * logits = norm(x; cond)[positions] W
 * </pre>
 *
 * <p>without bias, W zero at the start and not tied to the embedding. Half the positions are masked
 * on average in training, and few are revealed in a sampling step; the logits of the others are
 * never computed.
 *
 * @param width D
 * @param vocabularySize V
 * @param conditioningWidth C, or 0 for none
 */
public record LogitHeadLayer(int width, int vocabularySize, int conditioningWidth)
    implements LayerSpec {
  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    BlockNormalization.addParameters(layout, width, conditioningWidth, false);
    return layout.add("logitWeight", Initialiser.zeros(), width, vocabularySize);
  }

  @Override
  public int inputCount() {
    return conditioningWidth > 0 ? 3 : 2;
  }

  @Override
  public Layer layer(Place place) {
    return new Running(this, place);
  }

  private static final class Running extends Layer implements BlockwiseHead {
    private static final long ALIGNMENT = 8;

    private final int width;
    private final int vocabularySize;
    private final BlockNormalization normalization;
    private final Parameter logitWeight = parameter("logitWeight");
    private final Memory chosen = operandMemory();
    private final Memory logits = memory();
    private final Memory normalizedGradient = memory();
    private final Memory roundedGradient = operandMemory();

    Running(LogitHeadLayer spec, Place place) {
      super(place);
      this.width = spec.width();
      this.vocabularySize = spec.vocabularySize();
      this.normalization = BlockNormalization.of(this, width, spec.conditioningWidth(), false);
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      Tensor positions = inputs[0];
      long wanted = positions.length();
      Tensor rows = choose(inputs, capacity(wanted));
      Tensor all = logits.of(rows.size(0), vocabularySize);
      compute().product(rows, logitWeight.operand(), all);
      Tensor result = all.interval(0, 0, wanted);
      Tensor given = replica().logitsMemory();
      if (given == null) {
        return result;
      }
      compute().copy(result, given);
      return given;
    }

    /** The normalised rows of the wanted positions, and zeros after them. */
    private Tensor choose(Tensor[] inputs, long capacity) {
      Tensor x = inputs[1];
      Tensor h = normalization.forward(x, inputs.length > 2 ? inputs[2] : null);
      Tensor rows = chosen.of(capacity, width);
      gatherWanted(h.reshape(x.size(0) * x.size(1), width), inputs[0], rows);
      return rows;
    }

    /** Blocks are of one size, so that one product is prepared for all. */
    @Override
    public @Nullable Tensor[] runInBlocks(
        Tensor[] inputs, int most, Action action, boolean training) {
      long wanted = inputs[0].length();
      long largest = Math.max(ALIGNMENT, most / ALIGNMENT * ALIGNMENT);
      long blocks = (capacity(wanted) + largest - 1) / largest;
      long even = (capacity(wanted) + blocks - 1) / blocks;
      long size = (even + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      Tensor rows = choose(inputs, blocks * size);
      Tensor dRows = training ? scratch(rows.shape()) : rows;
      Tensor block = logits.of(size, vocabularySize);
      for (long from = 0; from < wanted; from += size) {
        Tensor some = rows.interval(0, from, from + size);
        compute().product(some, logitWeight.operand(), block);
        long here = Math.min(size, wanted - from);
        action.accept(Math.toIntExact(from), block.interval(0, 0, here));
        if (training) {
          if (here < size) {
            compute().zero(block.interval(0, here, size));
          }
          Tensor dLogits = rounded(block);
          compute()
              .product(
                  some.transposed(),
                  dLogits,
                  logitWeight.gradient(),
                  1,
                  from > 0 || accumulating());
          compute()
              .product(
                  dLogits,
                  logitWeight.operand().transposed(),
                  dRows.interval(0, from, from + size));
        }
      }
      return training ? inputGradients(inputs, dRows) : new Tensor[inputs.length];
    }

    private Tensor rounded(Tensor block) {
      if (block.element() == compute().operand()) {
        return block;
      }
      Tensor rounded = roundedGradient.of(block.shape());
      compute().copy(block, rounded);
      return rounded;
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      long wanted = inputs[0].length();
      Tensor rows = chosen.of(capacity(wanted), width);
      Tensor padded = scratch(rows.size(0), vocabularySize);
      copyWanted(outputGradient, padded);
      Tensor dLogits = operand(padded);
      compute().product(rows.transposed(), dLogits, logitWeight.gradient(), 1, accumulating());
      Tensor dRows = scratch(rows.shape());
      compute().product(dLogits, logitWeight.operand().transposed(), dRows);
      return inputGradients(inputs, dRows);
    }

    private @Nullable Tensor[] inputGradients(Tensor[] inputs, Tensor dRows) {
      Tensor positions = inputs[0];
      Tensor x = inputs[1];
      Tensor dH = normalizedGradient.of(x.shape());
      compute().zero(dH);
      compute()
          .scatterRows(
              dRows.interval(0, 0, positions.length()),
              positions,
              dH.reshape(x.size(0) * x.size(1), width));
      Tensor dConditioning = normalization.backward(x, dH, null, dH);
      return inputs.length > 2 ? new Tensor[] {null, dH, dConditioning} : new Tensor[] {null, dH};
    }
  }
}

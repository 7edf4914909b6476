package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.OneDnnPrimitives.Arguments;
import org.md4j.compute.OneDnnPrimitives.Call;
import org.md4j.compute.OneDnnPrimitives.Operation;
import org.md4j.compute.OneDnnPrimitives.Step;

/** Operations on images, as oneDNN primitives. */
final class OneDnnConvolution {
  private final OneDnnPrimitives primitives;

  OneDnnConvolution(OneDnnPrimitives primitives) {
    this.primitives = primitives;
  }

  /** Images as oneDNN counts their dimensions: example, channel, row, column. */
  private static Tensor channelsSecond(Tensor image) {
    return image.permute(0, 3, 1, 2);
  }

  private record Convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {}

  void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    primitives.run(new Convolve(x, kernel, bias, out), () -> convolution(x, kernel, bias, out));
  }

  private Call convolution(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    Tensor image = channelsSecond(x);
    Tensor weights = kernel.permute(3, 2, 0, 1);
    Tensor result = channelsSecond(out);
    convolution_forward.primitive_desc description =
        primitives.noted(forward(image, weights, bias, result));
    memory packed = new memory(description.weights_desc(), primitives.processor());
    Arguments arguments =
        primitives
            .arguments()
            .with(DNNL_ARG_SRC, image)
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_DST, result);
    if (bias != null) {
      arguments.with(DNNL_ARG_BIAS, bias);
    }
    return new Call(
        primitives.reorderStep(primitives.handle(weights).contents(), packed),
        primitives.step(new convolution_forward(description), arguments));
  }

  /** A kernel in whatever layout oneDNN likes best. */
  private static memory.desc anyLayout(Tensor weights) {
    return new memory.desc(
        weights.shape(), OneDnnPrimitives.type(weights.element()), memory.format_tag.any);
  }

  private convolution_forward.primitive_desc forward(
      Tensor image, Tensor weights, @Nullable Tensor bias, Tensor result) {
    long[] one = {1, 1};
    return bias == null
        ? new convolution_forward.primitive_desc(
            primitives.processor(),
            dnnl.prop_kind.forward_training,
            dnnl.algorithm.convolution_direct,
            primitives.description(image),
            anyLayout(weights),
            primitives.description(result),
            one,
            one,
            one)
        : new convolution_forward.primitive_desc(
            primitives.processor(),
            dnnl.prop_kind.forward_training,
            dnnl.algorithm.convolution_direct,
            primitives.description(image),
            anyLayout(weights),
            primitives.description(bias),
            primitives.description(result),
            one,
            one,
            one);
  }

  private record ConvolveGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {}

  void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    primitives.run(
        new ConvolveGradient(x, kernel, dOut, dX, dKernel, dBias, accumulate),
        () -> convolutionGradientCall(x, kernel, dOut, dX, dKernel, dBias, accumulate));
  }

  private Call convolutionGradientCall(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    long[] one = {1, 1};
    Tensor image = channelsSecond(x);
    Tensor weights = kernel.permute(3, 2, 0, 1);
    Tensor dWeights = dKernel.permute(3, 2, 0, 1);
    Tensor dResult = channelsSecond(dOut);
    Tensor dImage = channelsSecond(dX);
    convolution_forward.primitive_desc hint = forward(image, weights, null, dResult);
    convolution_backward_data.primitive_desc data =
        primitives.noted(
            new convolution_backward_data.primitive_desc(
                primitives.processor(),
                dnnl.algorithm.convolution_direct,
                primitives.description(dImage),
                anyLayout(weights),
                primitives.description(dResult),
                one,
                one,
                one,
                hint));
    memory packed = new memory(data.weights_desc(), primitives.processor());
    memory.desc biasDescription = dBias == null ? null : primitives.description(dBias);
    convolution_backward_weights.primitive_desc kernelGradient =
        primitives.noted(
            biasDescription == null
                ? new convolution_backward_weights.primitive_desc(
                    primitives.processor(),
                    dnnl.algorithm.convolution_direct,
                    primitives.description(image),
                    anyLayout(dWeights),
                    primitives.description(dResult),
                    one,
                    one,
                    one,
                    hint)
                : new convolution_backward_weights.primitive_desc(
                    primitives.processor(),
                    dnnl.algorithm.convolution_direct,
                    primitives.description(image),
                    anyLayout(dWeights),
                    biasDescription,
                    primitives.description(dResult),
                    one,
                    one,
                    one,
                    hint));
    memory packedGradient = new memory(kernelGradient.diff_weights_desc(), primitives.processor());
    Arguments weightArguments =
        primitives
            .arguments()
            .with(DNNL_ARG_SRC, image)
            .with(DNNL_ARG_DIFF_DST, dResult)
            .with(DNNL_ARG_DIFF_WEIGHTS, packedGradient);
    List<Step> steps = new ArrayList<>();
    steps.add(primitives.reorderStep(primitives.handle(weights).contents(), packed));
    steps.add(
        primitives.step(
            new convolution_backward_data(data),
            primitives
                .arguments()
                .with(DNNL_ARG_DIFF_DST, dResult)
                .with(DNNL_ARG_WEIGHTS, packed)
                .with(DNNL_ARG_DIFF_SRC, dImage)));
    memory biasGradient = null;
    if (biasDescription != null) {
      biasGradient = new memory(biasDescription, primitives.processor());
      weightArguments.with(DNNL_ARG_DIFF_BIAS, biasGradient);
    }
    steps.add(primitives.step(new convolution_backward_weights(kernelGradient), weightArguments));
    steps.add(addedStep(packedGradient, primitives.handle(dWeights).contents(), accumulate));
    if (biasGradient != null && dBias != null) {
      steps.add(addedStep(biasGradient, primitives.handle(dBias).contents(), accumulate));
    }
    return new Call(steps.toArray(Step[]::new));
  }

  /** Copies, or adds, from one layout to another. */
  private Step addedStep(memory source, memory target, boolean accumulate) {
    primitive_attr attributes = new primitive_attr();
    if (accumulate) {
      post_ops after = new post_ops();
      after.append_sum();
      attributes.set_post_ops(after);
    }
    return primitives.step(
        new reorder(source, target, attributes),
        primitives.arguments().with(DNNL_ARG_FROM, source).with(DNNL_ARG_TO, target));
  }

  void averagePool(Tensor x, Tensor out) {
    primitives.run(
        new Operation("averagePool", x, out, null, null, 0),
        () -> {
          long[] two = {2, 2};
          long[] none = {0, 0};
          Tensor image = channelsSecond(x);
          Tensor result = channelsSecond(out);
          return new Call(
              primitives.step(
                  new pooling_forward(
                      primitives.noted(
                          new pooling_forward.primitive_desc(
                              primitives.processor(),
                              dnnl.prop_kind.forward_inference,
                              dnnl.algorithm.pooling_avg_exclude_padding,
                              primitives.description(image),
                              primitives.description(result),
                              two,
                              two,
                              none,
                              none,
                              none))),
                  primitives.arguments().with(DNNL_ARG_SRC, image).with(DNNL_ARG_DST, result)));
        });
  }

  void enlarge(Tensor x, Tensor out) {
    primitives.run(
        new Operation("enlarge", x, out, null, null, 0),
        () -> {
          long[] shape = x.shape();
          Tensor image = x.reshape(shape[0], shape[1], 1, shape[2], 1, shape[3]);
          Tensor squares = out.reshape(shape[0], shape[1], 2, shape[2], 2, shape[3]);
          Step[] steps = new Step[4];
          for (int q = 0; q < steps.length; q++) {
            Tensor quarter = squares.interval(2, q / 2, q / 2 + 1L).interval(4, q % 2, q % 2 + 1L);
            steps[q] =
                primitives.reorderStep(
                    primitives.handle(image).contents(), primitives.handle(quarter).contents());
          }
          return new Call(steps);
        });
  }
}

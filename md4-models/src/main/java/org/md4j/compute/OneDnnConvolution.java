package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.OneDnnPrimitives.Arguments;
import org.md4j.compute.OneDnnPrimitives.Call;
import org.md4j.compute.OneDnnPrimitives.Operation;
import org.md4j.compute.OneDnnPrimitives.Step;

/** Operations on images, as oneDNN primitives. */
final class OneDnnConvolution {
  private static final int SIDE = 3;
  private static final int TAPS = SIDE * SIDE;

  /** The strides of a convolution, and its paddings on either side. */
  private static final long[] ONE = {1, 1};

  private final OneDnnPrimitives primitives;
  private final OneDnnProducts products;
  private final Memory framedImage = new Memory(Element.F32);
  private final Memory framedGradient = new Memory(Element.F32);

  OneDnnConvolution(OneDnnPrimitives primitives, OneDnnProducts products) {
    this.primitives = primitives;
    this.products = products;
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
  static memory.desc anyLayout(Tensor weights, Element element) {
    return new memory.desc(weights.shape(), OneDnnPrimitives.type(element), memory.format_tag.any);
  }

  private convolution_forward.primitive_desc forward(
      Tensor image, Tensor weights, @Nullable Tensor bias, Tensor result) {
    return bias == null
        ? forward(
            primitives.description(image),
            anyLayout(weights, weights.element()),
            primitives.description(result))
        : new convolution_forward.primitive_desc(
            primitives.processor(),
            dnnl.prop_kind.forward_training,
            dnnl.algorithm.convolution_direct,
            primitives.description(image),
            anyLayout(weights, weights.element()),
            primitives.description(bias),
            primitives.description(result),
            ONE.clone(),
            ONE.clone(),
            ONE.clone());
  }

  private convolution_forward.primitive_desc forward(
      memory.desc image, memory.desc weights, memory.desc result) {
    return new convolution_forward.primitive_desc(
        primitives.processor(),
        dnnl.prop_kind.forward_training,
        dnnl.algorithm.convolution_direct,
        image,
        weights,
        result,
        ONE.clone(),
        ONE.clone(),
        ONE.clone());
  }

  /** The forward pass that a gradient belongs to: all of it operands, as the gradient is. */
  private convolution_forward.primitive_desc forwardOf(
      Tensor image, Tensor weights, Tensor dResult) {
    Element operand = dResult.element();
    return forward(
        new memory.desc(image.shape(), OneDnnPrimitives.type(operand), image.strides()),
        anyLayout(weights, operand),
        primitives.description(dResult));
  }

  void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    primitives.run(
        new Operation("imageGradient", kernel, dOut, dX, null, 0),
        () -> imageGradient(kernel, dOut, dX));
    if (OneDnn.hasAvx512()) {
      primitives.run(
          new Operation(new KernelGradient(accumulate), x, dOut, dKernel, null, 0),
          () -> kernelGradient(x, dOut, dKernel, accumulate));
    } else {
      kernelGradientByProducts(x, dOut, dKernel, accumulate);
    }
    if (dBias != null) {
      products.sumRows(dOut.reshape(dOut.length() / dOut.size(3), dOut.size(3)), dBias, accumulate);
    }
  }

  private record KernelGradient(boolean accumulate) {}

  /**
   * Computes the kernel's gradient as nine products, one for each of its pixels, of the image's
   * rows, moved by so many, and the result's: without AVX-512 oneDNN's own runs at a fraction of
   * the speed of a product (docs/architecture.md). With a frame of zeros around every image, what
   * is moved beyond an edge meets zeros.
   */
  private void kernelGradientByProducts(Tensor x, Tensor dOut, Tensor dKernel, boolean accumulate) {
    Tensor image = framed(x, framedImage);
    Tensor gradient = framed(dOut, framedGradient);
    long width = x.size(2) + 2;
    long rows = image.size(0);
    long furthest = width + 1;
    Tensor middle = gradient.interval(0, furthest, rows - furthest);
    for (int tap = 0; tap < TAPS; tap++) {
      long moved = (tap / SIDE - 1) * width + tap % SIDE - 1;
      products.product(
          image.interval(0, furthest + moved, rows - furthest + moved).transposed(),
          middle,
          dKernel
              .reshape(TAPS, dKernel.size(2), dKernel.size(3))
              .interval(0, tap, tap + 1L)
              .reshape(dKernel.size(2), dKernel.size(3)),
          1,
          accumulate);
    }
  }

  /** Copies images into frames of zeros: [B, H, W, C] to [B (H + 2) (W + 2), C]. */
  private Tensor framed(Tensor images, Memory memory) {
    long height = images.size(1) + 2;
    long width = images.size(2) + 2;
    Tensor framed = memory.of(images.size(0), height, width, images.size(3));
    primitives.zero(framed);
    primitives.copy(images, framed.interval(1, 1, height - 1).interval(2, 1, width - 1));
    return framed.reshape(framed.length() / images.size(3), images.size(3));
  }

  private Call imageGradient(Tensor kernel, Tensor dOut, Tensor dX) {
    Tensor weights = kernel.permute(3, 2, 0, 1);
    Tensor dResult = channelsSecond(dOut);
    Tensor dImage = channelsSecond(dX);
    convolution_backward_data.primitive_desc description =
        primitives.noted(
            new convolution_backward_data.primitive_desc(
                primitives.processor(),
                dnnl.algorithm.convolution_direct,
                primitives.description(dImage),
                anyLayout(weights, weights.element()),
                primitives.description(dResult),
                ONE.clone(),
                ONE.clone(),
                ONE.clone(),
                forwardOf(dImage, weights, dResult)));
    memory packed = new memory(description.weights_desc(), primitives.processor());
    return new Call(
        primitives.reorderStep(primitives.handle(weights).contents(), packed),
        primitives.step(
            new convolution_backward_data(description),
            primitives
                .arguments()
                .with(DNNL_ARG_DIFF_DST, dResult)
                .with(DNNL_ARG_WEIGHTS, packed)
                .with(DNNL_ARG_DIFF_SRC, dImage)));
  }

  private Call kernelGradient(Tensor x, Tensor dOut, Tensor dKernel, boolean accumulate) {
    Tensor image = channelsSecond(x);
    Tensor dWeights = dKernel.permute(3, 2, 0, 1);
    Tensor dResult = channelsSecond(dOut);
    convolution_backward_weights.primitive_desc description =
        primitives.noted(
            new convolution_backward_weights.primitive_desc(
                primitives.processor(),
                dnnl.algorithm.convolution_direct,
                primitives.description(image),
                anyLayout(dWeights, dWeights.element()),
                primitives.description(dResult),
                ONE.clone(),
                ONE.clone(),
                ONE.clone(),
                forwardOf(image, dWeights, dResult)));
    memory packed = new memory(description.diff_weights_desc(), primitives.processor());
    return new Call(
        primitives.step(
            new convolution_backward_weights(description),
            primitives
                .arguments()
                .with(DNNL_ARG_SRC, image)
                .with(DNNL_ARG_DIFF_DST, dResult)
                .with(DNNL_ARG_DIFF_WEIGHTS, packed)),
        primitives.addedStep(packed, primitives.handle(dWeights).contents(), accumulate));
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

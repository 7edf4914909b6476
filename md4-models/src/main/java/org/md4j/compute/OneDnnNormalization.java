package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;

import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.softmax_forward;
import org.md4j.compute.OneDnnPrimitives.Call;
import org.md4j.compute.OneDnnPrimitives.Operation;
import org.md4j.compute.OneDnnPrimitives.Step;

/** Normalisations of rows, as oneDNN primitives: one for each example, whose vectors differ. */
final class OneDnnNormalization {
  private static final int SCALE_AND_SHIFT =
      dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value;

  private final OneDnnPrimitives primitives;

  OneDnnNormalization(OneDnnPrimitives primitives) {
    this.primitives = primitives;
  }

  private enum Normalization {
    LAYER,
    LAYER_GRADIENT
  }

  private record Normalize(Normalization what, List<Tensor> tensors, double epsilon) {}

  void layerNorm(
      Tensor x,
      Tensor scale,
      Tensor shift,
      double epsilon,
      Tensor out,
      Tensor mean,
      Tensor variance) {
    primitives.run(
        new Normalize(Normalization.LAYER, List.of(x, scale, shift, out, mean, variance), epsilon),
        () -> {
          Step[] steps = new Step[(int) x.size(0)];
          for (int b = 0; b < steps.length; b++) {
            steps[b] =
                primitives.step(
                    new layer_normalization_forward(
                        primitives.noted(
                            forward(example(x, b), example(out, b), row(mean, b), epsilon))),
                    primitives
                        .arguments()
                        .with(DNNL_ARG_SRC, example(x, b))
                        .with(DNNL_ARG_SCALE, row(scale, b))
                        .with(DNNL_ARG_SHIFT, row(shift, b))
                        .with(DNNL_ARG_DST, example(out, b))
                        .with(DNNL_ARG_MEAN, row(mean, b))
                        .with(DNNL_ARG_VARIANCE, row(variance, b)));
          }
          return new Call(steps);
        });
  }

  private layer_normalization_forward.primitive_desc forward(
      Tensor x, Tensor out, Tensor mean, double epsilon) {
    return new layer_normalization_forward.primitive_desc(
        primitives.processor(),
        dnnl.prop_kind.forward_training.value,
        primitives.description(x),
        primitives.description(out),
        primitives.description(mean),
        (float) epsilon,
        SCALE_AND_SHIFT);
  }

  void layerNormGradient(
      Tensor x,
      Tensor mean,
      Tensor variance,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      Tensor dShift) {
    primitives.run(
        new Normalize(
            Normalization.LAYER_GRADIENT,
            List.of(x, mean, variance, scale, dOut, dX, dScale, dShift),
            epsilon),
        () -> {
          Step[] steps = new Step[(int) x.size(0)];
          for (int b = 0; b < steps.length; b++) {
            Tensor example = example(x, b);
            layer_normalization_backward.primitive_desc description =
                new layer_normalization_backward.primitive_desc(
                    primitives.processor(),
                    dnnl.prop_kind.backward.value,
                    primitives.description(example(dX, b)),
                    primitives.description(example(dOut, b)),
                    primitives.description(example),
                    primitives.description(row(mean, b)),
                    (float) epsilon,
                    SCALE_AND_SHIFT,
                    forward(example, example(dOut, b), row(mean, b), epsilon));
            steps[b] =
                primitives.step(
                    new layer_normalization_backward(primitives.noted(description)),
                    primitives
                        .arguments()
                        .with(DNNL_ARG_SRC, example)
                        .with(DNNL_ARG_MEAN, row(mean, b))
                        .with(DNNL_ARG_VARIANCE, row(variance, b))
                        .with(DNNL_ARG_SCALE, row(scale, b))
                        .with(DNNL_ARG_DIFF_DST, example(dOut, b))
                        .with(DNNL_ARG_DIFF_SRC, example(dX, b))
                        .with(DNNL_ARG_DIFF_SCALE, row(dScale, b))
                        .with(DNNL_ARG_DIFF_SHIFT, row(dShift, b)));
          }
          return new Call(steps);
        });
  }

  /** The rows of an example, [N, D]. */
  private static Tensor example(Tensor x, int b) {
    return x.interval(0, b, b + 1L).reshape(x.size(1), x.size(2));
  }

  /** An example's row of [B, D] or [B, 1, D] as a vector. */
  private static Tensor row(Tensor rows, int b) {
    return rows.interval(0, b, b + 1L).reshape(rows.size(rows.rank() - 1));
  }

  private softmax_forward.primitive_desc softmaxForward(Tensor x, Tensor out) {
    return new softmax_forward.primitive_desc(
        primitives.processor(),
        dnnl.prop_kind.forward_training,
        dnnl.algorithm.softmax_accurate,
        primitives.description(x),
        primitives.description(out),
        x.rank() - 1);
  }

  void softmax(Tensor x, Tensor out) {
    primitives.run(
        new Operation("softmax", x, out, null, null, 0),
        () ->
            new Call(
                primitives.step(
                    new softmax_forward(primitives.noted(softmaxForward(x, out))),
                    primitives.arguments().with(DNNL_ARG_SRC, x).with(DNNL_ARG_DST, out))));
  }
}

package org.md4j.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Operations by ND4J, each in the form that 1.0.0-M2.1 runs fastest: on every platform it has a
 * backend for, on CUDA too, in 32 and in 64 bits.
 *
 * <p>The obvious forms are 3 to 20 times slower: {@code mmuli} into a c-order result copies, {@code
 * sum(0)} and {@code mean(1)} miss the BLAS, the legacy tanh and rank-2 softmax miss oneDNN, and
 * tanh is the one squashing function that reaches it.
 */
final class Nd4jCompute extends ComposedCompute {
  private static final MMulTranspose PLAIN = MMulTranspose.builder().build();
  private static final MMulTranspose FIRST = MMulTranspose.builder().transposeA(true).build();
  private static final MMulTranspose SECOND = MMulTranspose.builder().transposeB(true).build();

  private static final double GELU_LINEAR = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715 * GELU_LINEAR;

  /**
   * The arguments of a convolution: kernel, strides, paddings, dilations, same size, channels last,
   * kernel [h, w, in, out].
   */
  private static final int[] CONVOLUTION = {3, 3, 1, 1, 0, 0, 1, 1, 1, 1, 0};

  /** The smallest difference between the lengths of gathered lists. */
  private static final int SMALLEST_GATHER = 16;

  /** The number of lengths of gathered lists between one and twice it. */
  private static final int GATHERS_A_DOUBLING = 16;

  /** The largest table whose gradient is summed by a product with one-hot rows. */
  private static final int LARGEST_ONE_HOT = 1024;

  private final Element element;
  private final Memory ones;
  private final Memory[] work;

  Nd4jCompute(Element element) {
    super(element);
    this.element = element;
    this.ones = new Memory(element);
    this.work =
        new Memory[] {
          new Memory(element), new Memory(element), new Memory(element), new Memory(element)
        };
  }

  @Override
  public Element element() {
    return element;
  }

  @Override
  public Element operand() {
    return element;
  }

  @Override
  public String description() {
    return "ND4J (%s), %s"
        .formatted(
            Nd4j.getBackend().getClass().getSimpleName(), element == Element.F64 ? "f64" : "f32");
  }

  private INDArray ones(long... shape) {
    long before = ones.bytes();
    Tensor tensor = ones.of(shape);
    if (ones.bytes() != before) {
      tensor.array().assign(1);
    }
    return tensor.array();
  }

  private Tensor like(int number, Tensor x) {
    return work[number].of(x.shape());
  }

  private static void custom(String name, INDArray out, INDArray... inputs) {
    Nd4j.exec(DynamicCustomOp.builder(name).addInputs(inputs).addOutputs(out).build());
  }

  @Override
  public void copy(Tensor x, Tensor out) {
    out.array().assign(x.array());
  }

  @Override
  public void zero(Tensor out) {
    out.array().assign(0);
  }

  @Override
  public void add(Tensor x, Tensor y, Tensor out) {
    if (isRow(x, y)) {
      INDArray row = y.reshape(y.length()).array();
      Nd4j.getExecutioner().exec(new BroadcastAddOp(x.array(), row, out.array(), 1));
    } else if (y.length() == x.length()) {
      x.array().addi(y.array(), out.array());
    } else {
      custom("add", out.array(), x.array(), y.array());
    }
  }

  @Override
  public void multiply(Tensor x, Tensor y, Tensor out) {
    if (isRow(x, y)) {
      INDArray row = y.reshape(y.length()).array();
      Nd4j.getExecutioner().exec(new BroadcastMulOp(x.array(), row, out.array(), 1));
    } else if (y.length() == x.length()) {
      x.array().muli(y.array(), out.array());
    } else {
      custom("multiply", out.array(), x.array(), y.array());
    }
  }

  /** Tells whether y is one row for all rows of the matrix x. */
  private static boolean isRow(Tensor x, Tensor y) {
    return x.rank() == 2
        && y.rank() == 2
        && y.size(0) == 1
        && x.size(0) > 1
        && y.size(1) == x.size(1);
  }

  @Override
  public void multiplyAdd(Tensor x, Tensor y, Tensor z, Tensor out) {
    multiply(x, y, out);
    add(out, z, out);
  }

  @Override
  public void linear(Tensor x, double factor, double addend, Tensor out) {
    x.array().muli(factor, out.array());
    if (addend != 0) {
      out.array().addi(addend);
    }
  }

  @Override
  public void product(Tensor a, Tensor b, Tensor out, double scale, boolean accumulate) {
    int last = a.rank() - 1;
    boolean transposeA = a.strides()[last] != 1 && a.strides()[last - 1] == 1;
    boolean transposeB = b.strides()[last] != 1 && b.strides()[last - 1] == 1;
    if (transposeA && transposeB) {
      throw new IllegalArgumentException("a and b must not both be transposed");
    }
    INDArray first = (transposeA ? a.transposed() : a).array();
    INDArray second = (transposeB ? b.transposed() : b).array();
    MMulTranspose form = transposeA ? FIRST : transposeB ? SECOND : PLAIN;
    Nd4j.exec(new Mmul(first, second, out.array(), scale, accumulate ? 1 : 0, form));
  }

  @Override
  public void affine(Tensor a, Tensor b, Tensor row, Tensor out) {
    product(a, b, out);
    add(out, row.reshape(1, row.length()), out);
  }

  @Override
  public void activatedProduct(Tensor a, Tensor b, Activation f, Tensor out) {
    if (f == Activation.LOGISTIC) {
      product(a, b, out, 0.5, false);
      logisticOfTwice(out.array());
    } else {
      product(a, b, out);
      activate(f, out, out);
    }
  }

  @Override
  public void sumRows(Tensor x, Tensor out, boolean accumulate) {
    int rank = x.rank();
    long rows = x.size(rank - 2);
    long width = x.size(rank - 1);
    double beta = accumulate ? 1 : 0;
    if (rank == 2) {
      Nd4j.exec(new Mmul(ones(1, rows), x.array(), out.reshape(1, width).array(), 1, beta, PLAIN));
      return;
    }
    for (long b = 0; b < x.size(0); b++) {
      sumRows(x.interval(0, b, b + 1).reshape(rows, width), out.interval(0, b, b + 1), accumulate);
    }
  }

  @Override
  public void sumColumns(Tensor x, Tensor out) {
    Nd4j.exec(new Mmul(x.array(), ones(x.size(1), 1), out.array(), 1, 0, PLAIN));
  }

  /** Replaces u by the logistic function of 2 u: (1 + tanh u) / 2. */
  private static void logisticOfTwice(INDArray u) {
    custom("tanh", u, u);
    u.addi(1).muli(0.5);
  }

  @Override
  public void activate(Activation f, Tensor x, Tensor out) {
    INDArray z = x.array();
    INDArray y = out.array();
    switch (f) {
      case LOGISTIC -> {
        z.muli(0.5, y);
        logisticOfTwice(y);
      }
      case SWISH -> {
        INDArray half = like(0, x).array();
        z.muli(0.5, half);
        z.muli(logistic(x), y);
      }
      case GELU -> {
        INDArray tanh = geluTanh(x);
        tanh.addi(1).muli(0.5);
        z.muli(tanh, y);
      }
    }
  }

  private INDArray logistic(Tensor x) {
    INDArray sigmoid = like(0, x).array();
    x.array().muli(0.5, sigmoid);
    logisticOfTwice(sigmoid);
    return sigmoid;
  }

  /** Returns T = tanh(a z + b z³) in work memory. */
  private INDArray geluTanh(Tensor x) {
    INDArray tanh = like(0, x).array();
    Nd4j.exec(new Square(x.array(), tanh));
    tanh.muli(GELU_CUBIC).addi(GELU_LINEAR).muli(x.array());
    custom("tanh", tanh, tanh);
    return tanh;
  }

  @Override
  public void activationGradient(Activation f, Tensor known, Tensor dOut, Tensor dX) {
    INDArray k = known.array();
    INDArray slope = like(1, known).array();
    switch (f) {
      case LOGISTIC -> {
        k.rsubi(1, slope);
        slope.muli(k);
      }
      case SWISH -> {
        // s (1 + z (1 - s))
        INDArray sigmoid = logistic(known);
        sigmoid.rsubi(1, slope);
        slope.muli(k).addi(1).muli(sigmoid);
      }
      case GELU -> {
        // (1 + T) (1 + (1 - T) z (a + 3 b z²)) / 2
        INDArray tanh = geluTanh(known);
        Nd4j.exec(new Square(k, slope));
        slope.muli(3 * GELU_CUBIC).addi(GELU_LINEAR).muli(k);
        slope.muli(tanh.rsubi(1)).addi(1);
        slope.muli(tanh.rsubi(2)).muli(0.5);
      }
    }
    dOut.array().muli(slope, dX.array());
  }

  @Override
  public void layerNorm(
      Tensor x,
      Tensor scale,
      Tensor shift,
      double epsilon,
      Tensor out,
      Tensor mean,
      Tensor variance) {
    long rows = x.size(0) * x.size(1);
    long width = x.size(2);
    Tensor standard = like(0, x);
    Tensor matrix = standard.reshape(rows, width);
    Tensor squares = like(1, x).reshape(rows, width);
    INDArray channels = ones(width, 1);
    INDArray means = mean.reshape(rows, 1).array();
    INDArray variances = variance.reshape(rows, 1).array();
    Nd4j.exec(new Mmul(x.reshape(rows, width).array(), channels, means, 1.0 / width, 0, PLAIN));
    custom("subtract", matrix.array(), x.reshape(rows, width).array(), means);
    Nd4j.exec(new Square(matrix.array(), squares.array()));
    Nd4j.exec(new Mmul(squares.array(), channels, variances, 1.0 / width, 0, PLAIN));
    custom("multiply", matrix.array(), matrix.array(), reciprocalDeviation(variance, epsilon));
    multiply(standard, examples(scale), out);
    add(out, examples(shift), out);
  }

  /** Returns 1 / sqrt(variance + epsilon), [B N, 1], in work memory. */
  private INDArray reciprocalDeviation(Tensor variance, double epsilon) {
    INDArray reciprocal = work[3].of(variance.length(), 1).array();
    variance.reshape(variance.length(), 1).array().addi(epsilon, reciprocal);
    Nd4j.exec(new RSqrt(reciprocal, reciprocal));
    return reciprocal;
  }

  /** Vectors of examples, [B, D] or [B, 1, D], as [B, 1, D]. */
  private static Tensor examples(Tensor vectors) {
    return vectors.rank() == 3 ? vectors : vectors.reshape(vectors.size(0), 1, vectors.size(1));
  }

  @Override
  public void layerNormGradient(
      Tensor x,
      Tensor mean,
      Tensor variance,
      Tensor scale,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dScale,
      Tensor dShift) {
    long rows = x.size(0) * x.size(1);
    long width = x.size(2);
    Tensor standard = like(0, x);
    INDArray xHat = standard.reshape(rows, width).array();
    INDArray reciprocal = reciprocalDeviation(variance, epsilon);
    custom("subtract", xHat, x.reshape(rows, width).array(), mean.reshape(rows, 1).array());
    custom("multiply", xHat, xHat, reciprocal);
    Tensor product = like(1, x);
    sumRows(dOut, dShift, false);
    multiply(dOut, standard, product);
    sumRows(product, dScale, false);

    // dx = (g - mean(g) - xHat mean(g xHat)) / deviation, with g = dy scale.
    Tensor g = dX;
    multiply(dOut, examples(scale), g);
    multiply(g, standard, product);
    INDArray products = product.reshape(rows, width).array();
    INDArray gradients = g.reshape(rows, width).array();
    INDArray channels = ones(width, 1);
    INDArray means = work[2].of(rows, 1).array();
    Nd4j.exec(new Mmul(products, channels, means, 1.0 / width, 0, PLAIN));
    custom("multiply", products, xHat, means);
    Nd4j.exec(new Mmul(gradients, channels, means, 1.0 / width, 0, PLAIN));
    gradients.subi(products);
    custom("subtract", gradients, gradients, means);
    custom("multiply", gradients, gradients, reciprocal);
  }

  @Override
  public void reciprocalRoot(Tensor x, double addend, Tensor out) {
    Nd4j.exec(new ScalarMax(x.array(), null, out.array(), 0));
    out.array().addi(addend);
    Nd4j.exec(new RSqrt(out.array(), out.array()));
  }

  /**
   * {@inheritDoc} ND4J's operation itself: DL4J's ConvolutionLayer of M2.1 misses oneDNN and is 13
   * times slower.
   */
  @Override
  public void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    INDArray[] inputs =
        bias == null
            ? new INDArray[] {x.array(), kernel.array()}
            : new INDArray[] {x.array(), kernel.array(), bias.array()};
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d")
            .addInputs(inputs)
            .addOutputs(out.array())
            .addIntegerArguments(CONVOLUTION)
            .build());
  }

  @Override
  public void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    // The operation overwrites.
    Tensor kernelTarget = accumulate ? work[0].of(dKernel.shape()) : dKernel;
    DynamicCustomOp.DynamicCustomOpsBuilder operation =
        DynamicCustomOp.builder("conv2d_bp").addIntegerArguments(CONVOLUTION);
    if (dBias == null) {
      operation
          .addInputs(x.array(), kernel.array(), dOut.array())
          .addOutputs(dX.array(), kernelTarget.array());
      Nd4j.exec(operation.build());
    } else {
      Tensor biasTarget = accumulate ? work[1].of(dBias.shape()) : dBias;
      operation
          .addInputs(x.array(), kernel.array(), biasTarget.array(), dOut.array())
          .addOutputs(dX.array(), kernelTarget.array(), biasTarget.array());
      Nd4j.exec(operation.build());
      if (accumulate) {
        add(dBias, biasTarget, dBias);
      }
    }
    if (accumulate) {
      add(dKernel, kernelTarget, dKernel);
    }
  }

  /** Returns the four images, [B, H, W, C] each, that a large one interleaves. */
  private static INDArray[] quarters(Tensor large) {
    long batch = large.size(0);
    long height = large.size(1) / 2;
    long width = large.size(2) / 2;
    long channels = large.size(3);
    Tensor squares = large.reshape(batch, height, 2, width, 2 * channels);
    INDArray[] quarters = new INDArray[4];
    for (int q = 0; q < quarters.length; q++) {
      quarters[q] =
          squares
              .array()
              .get(
                  NDArrayIndex.all(),
                  NDArrayIndex.all(),
                  NDArrayIndex.point(q / 2),
                  NDArrayIndex.all(),
                  NDArrayIndex.interval(q % 2 * channels, (q % 2 + 1) * channels));
    }
    return quarters;
  }

  @Override
  public void averagePool(Tensor x, Tensor out) {
    INDArray image = out.array();
    INDArray[] quarters = quarters(x);
    image.assign(quarters[0]);
    for (int q = 1; q < quarters.length; q++) {
      image.addi(quarters[q]);
    }
    image.muli(0.25);
  }

  @Override
  public void enlarge(Tensor x, Tensor out) {
    for (INDArray quarter : quarters(out)) {
      quarter.assign(x.array());
    }
  }

  @Override
  public void softmax(Tensor x, Tensor out) {
    Nd4j.exec(
        DynamicCustomOp.builder("softmax")
            .addInputs(x.array())
            .addOutputs(out.array())
            .addIntegerArguments(x.rank() - 1)
            .build());
  }

  @Override
  public void softmaxGradient(Tensor p, Tensor dP, Tensor sums, Tensor dX) {
    long width = p.size(p.rank() - 1);
    long rows = p.length() / width;
    Tensor column = work[2].of(sums.shape());
    copy(sums, column);
    INDArray out = dX.reshape(rows, width).array();
    custom("subtract", out, dP.reshape(rows, width).array(), column.reshape(rows, 1).array());
    out.muli(p.reshape(rows, width).array());
  }

  /**
   * {@inheritDoc} ND4J 1.0.0-M2.1 keeps 8 bytes for every row of every shape it has ever gathered
   * to, and the number of wanted positions differs from step to step. So the list is filled up to
   * one of a few lengths, and what is gathered for that is left behind.
   */
  @Override
  public void gatherRows(Tensor x, Tensor rows, Tensor out) {
    int count = Math.toIntExact(rows.length());
    int step = Math.max(SMALLEST_GATHER, Integer.highestOneBit(count) / GATHERS_A_DOUBLING);
    int capacity = Math.toIntExact((count + step - 1L) / step * step);
    if (capacity == count) {
      gather(x, rows.array(), out);
      return;
    }
    Tensor gathered = work[2].of(capacity, x.size(1));
    try (INDArray filled =
        Nd4j.createFromArray(Arrays.copyOf(rows.array().toIntVector(), capacity))) {
      gather(x, filled, gathered);
    }
    out.array().assign(gathered.interval(0, 0, count).array());
  }

  private static void gather(Tensor x, INDArray rows, Tensor out) {
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(x.array(), rows)
            .addOutputs(out.array())
            .addIntegerArguments(0)
            .build());
  }

  @Override
  public void scatterRows(Tensor x, Tensor rows, Tensor out) {
    custom("scatter_upd", out.array(), out.array(), rows.array(), x.array());
  }

  @Override
  public void addToRows(Tensor x, Tensor rows, Tensor out) {
    if (out.size(0) > LARGEST_ONE_HOT) {
      custom("scatter_add", out.array(), out.array(), rows.array(), x.array());
      return;
    }
    INDArray oneHot = work[0].of(rows.length(), out.size(0)).array();
    Nd4j.exec(
        DynamicCustomOp.builder("onehot")
            .addInputs(rows.array())
            .addOutputs(oneHot)
            .addIntegerArguments(-1, (int) out.size(0))
            .addFloatingPointArguments(1.0, 0.0)
            .build());
    Nd4j.exec(new Mmul(oneHot, x.array(), out.array(), 1, 1, FIRST));
  }

  @Override
  public void close() {}
}

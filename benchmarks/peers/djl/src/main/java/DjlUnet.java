import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Times MD4 training steps and forward passes of an image denoiser that {@code torch_unet.py trace} wrote. Arguments: model.pt
 * batch tokens warm-up steps [classes], where tokens is height x width x colours.
 */
public final class DjlUnet {
  private static final int VALUES = 256;
  private static final float EPS = 1e-4f;

  private final int batch;
  private final int tokens;
  private final int warmUp;
  private final int classes;

  private DjlUnet(int batch, int tokens, int warmUp, int classes) {
    this.batch = batch;
    this.tokens = tokens;
    this.warmUp = warmUp;
    this.classes = classes;
  }

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]).toAbsolutePath();
    int steps = Integer.parseInt(args[4]);
    DjlUnet peer =
        new DjlUnet(
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            args.length > 5 ? Integer.parseInt(args[5]) : 0);
    peer.report("train_step_s", peer.train(file, steps));
    peer.report("forward_s", peer.forward(file, steps));
  }

  private double[] train(Path file, int steps) throws Exception {
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(
                Optimizer.adamW().optBeta2(0.99f).optWeightDecays(0.01f).optLearningRateTracker(Tracker.fixed(1e-3f)).build())
            .optDevices(new Device[] {Device.cpu()});
    double[] seconds = new double[warmUp + steps];
    try (Model model = Model.newInstance("md4")) {
      model.load(file.getParent(), file.getFileName().toString(), Map.of("trainParam", "true"));
      try (Trainer trainer = model.newTrainer(config)) {
        for (int i = 0; i < seconds.length; i++) {
          long start = System.nanoTime();
          step(trainer);
          seconds[i] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    return seconds;
  }

  private void step(Trainer trainer) {
    try (NDManager m = trainer.getManager().newSubManager()) {
      NDArray x = m.randomInteger(0, VALUES, new Shape(batch, tokens), DataType.INT64);
      NDArray t = times(m);
      NDArray alpha = t.neg().add(1).mul(1 - 2 * EPS).add(EPS);
      NDArray masked = m.randomUniform(0f, 1f, new Shape(batch, tokens)).gte(alpha.expandDims(1));
      NDArray z = NDArrays.where(masked, m.full(new Shape(batch, tokens), VALUES, DataType.INT64), x);
      NDArray weight = alpha.neg().add(1).pow(-1).mul(1 - 2 * EPS);
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray logits = trainer.forward(inputs(m, z, t)).singletonOrThrow();
        NDArray nats = logits.logSoftmax(-1).gather(x.expandDims(2), 2).squeeze(2).neg();
        NDArray loss =
            nats.mul(masked.toType(DataType.FLOAT32, false))
                .sum(new int[] {1})
                .mul(weight)
                .mean()
                .div((float) (tokens * Math.log(2)));
        collector.backward(loss);
        loss.getFloat();
      }
      trainer.step();
    }
  }

  private double[] forward(Path file, int steps) throws Exception {
    double[] seconds = new double[warmUp + steps];
    try (Model model = Model.newInstance("md4")) {
      model.load(file.getParent(), file.getFileName().toString());
      try (var predictor = model.newPredictor(new NoopTranslator());
          NDManager m = model.getNDManager().newSubManager()) {
        NDArray z = m.randomInteger(0, VALUES + 1, new Shape(batch, tokens), DataType.INT64);
        NDList inputs = inputs(m, z, times(m));
        for (int i = 0; i < seconds.length; i++) {
          long start = System.nanoTime();
          NDList result = predictor.predict(inputs);
          result.singletonOrThrow().getFloat(0, 0, 0);
          seconds[i] = (System.nanoTime() - start) / 1e9;
          result.close();
        }
      }
    }
    return seconds;
  }

  private NDArray times(NDManager m) {
    return m.arange(batch).toType(DataType.FLOAT32, false).add(0.5f).div(batch);
  }

  private NDList inputs(NDManager m, NDArray z, NDArray t) {
    return classes == 0
        ? new NDList(z, t)
        : new NDList(z, t, m.randomInteger(0, classes, new Shape(batch), DataType.INT64));
  }

  private void report(String name, double[] all) {
    double[] seconds = Arrays.copyOfRange(all, warmUp, all.length);
    Arrays.sort(seconds);
    int n = seconds.length;
    double median = (seconds[(n - 1) / 2] + seconds[n / 2]) / 2;
    System.out.printf("%s\t%.4f\tmin\t%.4f\timages_per_s\t%.2f%n", name, median, seconds[0], batch / median);
  }
}

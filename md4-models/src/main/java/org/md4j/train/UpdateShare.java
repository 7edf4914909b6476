package org.md4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.model.layer.ParameterMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What one thread updates: ranges of parameters by AdamW and whole matrices by Muon, each followed
 * by its average. All are views made once.
 */
final class UpdateShare implements AutoCloseable {
  private final List<Piece> pieces = new ArrayList<>();
  private final @Nullable NewtonSchulz newtonSchulz;

  /**
   * Makes a share.
   *
   * @param part what it updates
   * @param state the whole vectors
   * @param gradient the whole sum of the replicas' gradients, used up by every update
   * @param adamW updates the ranges
   * @param muon updates the matrices; empty if there are none
   */
  UpdateShare(
      UpdatePlan.Part part,
      OptimizerState state,
      INDArray gradient,
      AdamW adamW,
      Optional<Muon> muon,
      double emaRate) {
    for (UpdatePlan.Range range : part.ranges()) {
      OptimizerState views = state.part(range.from(), range.to());
      INDArray sum = OptimizerState.part(gradient, range.from(), range.to());
      add(views, sum, adamW(adamW, views, sum), emaRate);
    }
    if (part.matrices().isEmpty()) {
      newtonSchulz = null;
      return;
    }
    Muon settings = muon.orElseThrow();
    NewtonSchulz shared = settings.open(gradient.dataType());
    for (ParameterMatrix matrix : part.matrices()) {
      OptimizerState views = state.part(matrix.offset(), matrix.end());
      INDArray sum = OptimizerState.part(gradient, matrix.offset(), matrix.end());
      MuonUpdater updater =
          new MuonUpdater(settings, shared, matrix, views.parameters(), sum, views.mean());
      add(views, sum, updater::update, emaRate);
    }
    newtonSchulz = shared;
  }

  private static Update adamW(AdamW adamW, OptimizerState views, INDArray sum) {
    AdamWUpdater updater =
        adamW.instantiate(
            Map.of(AdamWUpdater.M_STATE, views.mean(), AdamWUpdater.V_STATE, views.meanSquare()),
            false);
    return step -> {
      updater.applyUpdater(sum, step, 0);
      updater.decayInPlace(views.parameters(), step, 0);
      views.parameters().subi(sum);
    };
  }

  private void add(OptimizerState views, INDArray sum, Update update, double emaRate) {
    pieces.add(
        new Piece(
            views.parameters(),
            sum,
            update,
            new ExponentialMovingAverage(views.average(), emaRate)));
  }

  /**
   * Updates parameters, state and average.
   *
   * @param scale factor of the gradient
   * @param step counted from 0
   */
  void update(double scale, int step) {
    for (Piece piece : pieces) {
      if (scale != 1) {
        piece.sum().muli(scale);
      }
      piece.update().run(step);
      piece.average().update(piece.parameters());
    }
  }

  @Override
  public void close() {
    if (newtonSchulz != null) {
      newtonSchulz.close();
    }
  }

  /** An update of parameters by a step's gradient, which it uses up. */
  private interface Update {
    void run(int step);
  }

  /** Parameters that are updated together. */
  private record Piece(
      INDArray parameters, INDArray sum, Update update, ExponentialMovingAverage average) {}
}

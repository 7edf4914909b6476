package org.md4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.md4j.model.ReplicaPool;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Updates flat parameters between the backward passes and the next step: the replicas' gradients
 * are added up, clipped, turned into an AdamW update, subtracted, and the average follows.
 *
 * <p>Operations are single-threaded, so each thread of the pool does all of it to a slice of the
 * flat vectors of its own; the slices are views made once.
 */
final class FlatOptimizer {
  private final OptimizerState state;
  private final double clipNorm;
  private final List<Slice> slices;

  /**
   * Makes an optimiser that starts without momentum and with the average equal to the parameters.
   *
   * @param parameters [count], written to by every update
   * @param gradients one [count] per replica; the sum is left in the first, then overwritten
   */
  FlatOptimizer(
      INDArray parameters,
      List<INDArray> gradients,
      AdamW settings,
      double clipNorm,
      double emaRate,
      int threads) {
    this.clipNorm = clipNorm;
    state =
        new OptimizerState(
            parameters,
            parameters.dup('c'),
            Nd4j.zeros(parameters.dataType(), parameters.shape()),
            Nd4j.zeros(parameters.dataType(), parameters.shape()));
    long count = parameters.length();
    int parts = (int) Math.min(threads, count);
    List<Slice> made = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      made.add(new Slice(gradients, settings, emaRate, count * i / parts, count * (i + 1) / parts));
    }
    slices = List.copyOf(made);
  }

  /** The parameters and what belongs to them. */
  OptimizerState state() {
    return state;
  }

  /** Adds the replicas' gradients up and returns the global norm of the sum. */
  double reduce(ReplicaPool pool) {
    pool.run(
        r -> {
          if (r < slices.size()) {
            slices.get(r).reduce();
          }
        });
    double sumOfSquares = 0;
    for (Slice slice : slices) {
      sumOfSquares += slice.norm * slice.norm;
    }
    return Math.sqrt(sumOfSquares);
  }

  /**
   * Updates parameters and average from the sum that {@link #reduce} left.
   *
   * @param norm norm that {@link #reduce} returned
   * @param step counted from 0
   */
  void update(ReplicaPool pool, double norm, int step) {
    double scale = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
    pool.run(
        r -> {
          if (r < slices.size()) {
            slices.get(r).update(scale, step);
          }
        });
  }

  /** Exchanges parameters and average. */
  void swapAverage(ReplicaPool pool) {
    pool.run(
        r -> {
          if (r < slices.size()) {
            slices.get(r).swapAverage();
          }
        });
  }

  /** One thread's part of all vectors. */
  private final class Slice {
    /** The number of elements exchanged at a time: a buffer this small stays in the cache. */
    private static final int SWAP_LENGTH = 1 << 16;

    private final INDArray parameter;
    private final INDArray averaged;
    private final INDArray sum;
    private final List<INDArray> others;
    private final AdamWUpdater updater;
    private final ExponentialMovingAverage movingAverage;
    private final INDArray swapBuffer;
    private double norm;

    Slice(List<INDArray> gradients, AdamW settings, double emaRate, long from, long to) {
      parameter = part(state.parameters(), from, to);
      averaged = part(state.average(), from, to);
      sum = part(gradients.get(0), from, to);
      others = gradients.subList(1, gradients.size()).stream().map(g -> part(g, from, to)).toList();
      updater =
          settings.instantiate(
              Map.of(
                  AdamWUpdater.M_STATE,
                  part(state.mean(), from, to),
                  AdamWUpdater.V_STATE,
                  part(state.meanSquare(), from, to)),
              false);
      movingAverage = new ExponentialMovingAverage(averaged, emaRate);
      swapBuffer = Nd4j.createUninitialized(parameter.dataType(), Math.min(SWAP_LENGTH, to - from));
    }

    void reduce() {
      for (INDArray other : others) {
        sum.addi(other);
      }
      norm = Nd4j.getBlasWrapper().level1().nrm2(sum);
    }

    void update(double scale, int step) {
      if (scale != 1) {
        sum.muli(scale);
      }
      updater.applyUpdater(sum, step, 0);
      updater.decayInPlace(parameter, step, 0);
      parameter.subi(sum);
      movingAverage.update(parameter);
    }

    void swapAverage() {
      for (long from = 0; from < parameter.length(); from += swapBuffer.length()) {
        long to = Math.min(parameter.length(), from + swapBuffer.length());
        INDArray here = part(parameter, from, to);
        INDArray there = part(averaged, from, to);
        INDArray kept = part(swapBuffer, 0, to - from);
        kept.assign(here);
        here.assign(there);
        there.assign(kept);
      }
    }
  }

  /** Returns the elements {@code from} to {@code to} of a flat vector, as a view [to - from]. */
  private static INDArray part(INDArray vector, long from, long to) {
    return vector.reshape(vector.length()).get(NDArrayIndex.interval(from, to));
  }
}

package org.md4j.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.md4j.compute.NativeMemory;
import org.md4j.model.ReplicaPool;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Updates flat parameters between the backward passes and the next step: the replicas' gradients
 * are added up, clipped, turned into an AdamW update, or into one of Muon for matrices, subtracted,
 * and the average follows.
 *
 * <p>Operations are single-threaded, so each thread of the pool adds up a slice of the flat vectors
 * of its own and updates what an {@link UpdatePlan} deals to it, matrices as wholes: an update does
 * not depend on the number of threads, the order in which replicas' gradients are summed apart. All
 * parts are views made once.
 */
final class FlatOptimizer implements AutoCloseable {
  /** The vectors that are made beside the parameters: their average and both of AdamW's. */
  private static final long OWN_VECTORS = 3;

  private final OptimizerState state;
  private final double clipNorm;
  private final List<Slice> slices;
  private final List<UpdateShare> shares;

  /** Makes an optimiser of AdamW alone. */
  FlatOptimizer(
      INDArray parameters,
      List<INDArray> gradients,
      AdamW settings,
      double clipNorm,
      double emaRate,
      int threads) {
    this(parameters, gradients, settings, Optional.empty(), clipNorm, emaRate, threads);
  }

  /**
   * Makes an optimiser that starts without momentum and with the average equal to the parameters.
   *
   * @param parameters [count], written to by every update
   * @param gradients one [count] per replica; the sum is left in the first, then overwritten
   * @param settings updates all parameters that are not Muon's
   */
  FlatOptimizer(
      INDArray parameters,
      List<INDArray> gradients,
      AdamW settings,
      Optional<Muon> muon,
      double clipNorm,
      double emaRate,
      int threads) {
    this.clipNorm = clipNorm;
    NativeMemory.require(OWN_VECTORS * parameters.length() * parameters.dataType().width());
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
      made.add(new Slice(gradients, count * i / parts, count * (i + 1) / parts));
    }
    slices = List.copyOf(made);
    UpdatePlan plan = UpdatePlan.of(count, muon.map(Muon::matrices).orElse(List.of()), threads);
    shares =
        plan.parts().stream()
            .map(part -> new UpdateShare(part, state, gradients.get(0), settings, muon, emaRate))
            .toList();
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
          if (r < shares.size()) {
            shares.get(r).update(scale, step);
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

  @Override
  public void close() {
    shares.forEach(UpdateShare::close);
  }

  /** One thread's part of all vectors, to be summed or exchanged. */
  private final class Slice {
    /** The number of elements exchanged at a time: a buffer this small stays in the cache. */
    private static final int SWAP_LENGTH = 1 << 16;

    private final INDArray parameter;
    private final INDArray averaged;
    private final INDArray sum;
    private final List<INDArray> others;
    private final INDArray swapBuffer;
    private double norm;

    Slice(List<INDArray> gradients, long from, long to) {
      OptimizerState part = state.part(from, to);
      parameter = part.parameters();
      averaged = part.average();
      sum = OptimizerState.part(gradients.get(0), from, to);
      others =
          gradients.subList(1, gradients.size()).stream()
              .map(gradient -> OptimizerState.part(gradient, from, to))
              .toList();
      swapBuffer = Nd4j.createUninitialized(parameter.dataType(), Math.min(SWAP_LENGTH, to - from));
    }

    void reduce() {
      for (INDArray other : others) {
        sum.addi(other);
      }
      norm = Nd4j.getBlasWrapper().level1().nrm2(sum);
    }

    void swapAverage() {
      for (long from = 0; from < parameter.length(); from += swapBuffer.length()) {
        long to = Math.min(parameter.length(), from + swapBuffer.length());
        INDArray here = OptimizerState.part(parameter, from, to);
        INDArray there = OptimizerState.part(averaged, from, to);
        INDArray kept = OptimizerState.part(swapBuffer, 0, to - from);
        kept.assign(here);
        here.assign(there);
        there.assign(kept);
      }
    }
  }
}

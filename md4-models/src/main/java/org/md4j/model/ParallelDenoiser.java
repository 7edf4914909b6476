package org.md4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.NativeMemory;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.LogitBlocks;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A denoiser that splits the rows of a question evenly over replicas of a network, asks them at the
 * same time and has them write their logits one under another.
 *
 * <p>Since a row's logits do not depend on other rows, the result is that of one replica up to the
 * rounding of its number type. The result is valid until the next call; the buffer behind it is
 * kept and grows to the largest number of positions asked for.
 *
 * <pre>{@code
 * try (ParallelDenoiser denoiser = ParallelDenoiser.onAllCores(network)) { ... }
 * }</pre>
 *
 * <p>Used by one thread at a time. {@link #close} ends the threads that the denoiser has started
 * itself; those of a pool it was given stay as they are.
 */
public final class ParallelDenoiser implements Denoiser, AutoCloseable {
  private final ReplicaPool pool;
  private final boolean ownsPool;
  private final List<TrainableDenoiser> replicas;
  private @Nullable INDArray buffer;

  /**
   * Makes a denoiser on replicas that exist.
   *
   * @param pool threads of the replicas; not closed by this denoiser
   * @param replicas one per thread of the pool, each used by no one else during a call
   */
  public ParallelDenoiser(ReplicaPool pool, List<? extends TrainableDenoiser> replicas) {
    this(pool, replicas, false);
  }

  private ParallelDenoiser(
      ReplicaPool pool, List<? extends TrainableDenoiser> replicas, boolean ownsPool) {
    if (replicas.size() != pool.size()) {
      throw new IllegalArgumentException(
          "replicas must be one per thread of the pool, "
              + pool.size()
              + ", got "
              + replicas.size());
    }
    this.pool = pool;
    this.replicas = List.copyOf(replicas);
    this.ownsPool = ownsPool;
  }

  /**
   * Spreads a network over the processors of this machine: as many replicas as {@link
   * ReplicaPool#defaultSize} says, each with a thread that {@link #close} ends.
   */
  public static ParallelDenoiser onAllCores(TrainableDenoiser network) {
    ReplicaPool pool = new ReplicaPool(ReplicaPool.defaultSize());
    return new ParallelDenoiser(pool, replicate(network, pool.size()), true);
  }

  /** Spreads a network over the threads of a pool, with as many replicas in all. */
  public static ParallelDenoiser of(ReplicaPool pool, TrainableDenoiser network) {
    return new ParallelDenoiser(pool, replicate(network, pool.size()));
  }

  /** Returns the network and {@code count - 1} replicas of it. */
  public static List<TrainableDenoiser> replicate(TrainableDenoiser network, int count) {
    List<TrainableDenoiser> replicas = new ArrayList<>(count);
    replicas.add(network);
    while (replicas.size() < count) {
      replicas.add(network.replica());
    }
    return replicas;
  }

  @Override
  public INDArray logits(DenoiserInput input) {
    int parts = replicas.size();
    int[] starts = new int[parts + 1];
    @Nullable DenoiserInput[] inputs = parts(input, starts);
    INDArray all =
        prefix(
            starts[parts],
            replicas.get(0).vocabulary().size(),
            replicas.get(0).parameters().dataType());
    pool.run(
        r -> {
          DenoiserInput question = inputs[r];
          if (question != null) {
            replicas.get(r).logits(question, rowsOf(all, starts[r], starts[r + 1]));
          }
        });
    return all;
  }

  /** {@inheritDoc} The blocks of all replicas come in turn, in no order between them. */
  @Override
  public void readLogits(DenoiserInput input, LogitBlocks blocks) {
    int[] starts = new int[replicas.size() + 1];
    @Nullable DenoiserInput[] inputs = parts(input, starts);
    Object turn = new Object();
    pool.run(
        r -> {
          DenoiserInput question = inputs[r];
          if (question != null) {
            replicas
                .get(r)
                .readLogits(
                    question,
                    (from, logits) -> {
                      synchronized (turn) {
                        blocks.accept(starts[r] + from, logits);
                      }
                    });
          }
        });
  }

  /**
   * Divides a question by its rows.
   *
   * @param starts overwritten: the first position of each part, and the end of the last
   * @return null for a part without positions
   */
  private @Nullable DenoiserInput[] parts(DenoiserInput input, int[] starts) {
    int parts = replicas.size();
    @Nullable DenoiserInput[] inputs = new DenoiserInput[parts];
    int rows = input.tokens().rows();
    for (int r = 0; r < parts; r++) {
      int from = (int) ((long) rows * r / parts);
      int to = (int) ((long) rows * (r + 1) / parts);
      int end = firstAtOrAfter(input.positions(), to * input.tokens().length());
      inputs[r] = end == starts[r] ? null : part(input, from, to, starts[r], end);
      starts[r + 1] = end;
    }
    return inputs;
  }

  @Override
  public void close() {
    if (ownsPool) {
      pool.close();
    }
  }

  /** The first rows of the buffer, which grows if it has fewer. */
  private INDArray prefix(int rows, long columns, DataType type) {
    INDArray current = buffer;
    if (current == null
        || current.size(0) < rows
        || current.size(1) != columns
        || current.dataType() != type) {
      if (current != null) {
        current.close();
        buffer = null;
      }
      NativeMemory.require(rows * columns * type.width());
      current = Nd4j.createUninitialized(type, new long[] {rows, columns}, 'c');
      buffer = current;
    }
    return rowsOf(current, 0, rows);
  }

  private static INDArray rowsOf(INDArray array, int from, int to) {
    return array.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
  }

  private static DenoiserInput part(DenoiserInput input, int from, int to, int start, int end) {
    int cells = from * input.tokens().length();
    int[] positions = Arrays.copyOfRange(input.positions(), start, end);
    for (int i = 0; i < positions.length; i++) {
      positions[i] -= cells;
    }
    return new DenoiserInput(
        input.rows().part(from, to), Arrays.copyOfRange(input.times(), from, to), positions);
  }

  /** The index of the first position that is not before {@code cell}. */
  private static int firstAtOrAfter(int[] positions, int cell) {
    int found = Arrays.binarySearch(positions, cell);
    return found >= 0 ? found : -found - 1;
  }
}

package org.md4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Threads for replicas of a network, one each: task r always runs on thread r, so whatever ND4J
 * keeps per thread stays with its replica.
 *
 * <p>The threads are daemons; {@link #close} ends them. A pool is used by one thread at a time.
 */
public final class ReplicaPool implements AutoCloseable {
  private final List<ExecutorService> threads;

  /** Starts a pool of so many threads, at least one. */
  public ReplicaPool(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size (" + size + ") must be at least 1");
    }
    List<ExecutorService> started = new ArrayList<>(size);
    for (int r = 0; r < size; r++) {
      String name = "md4-replica-" + r;
      started.add(
          Executors.newSingleThreadExecutor(
              task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
              }));
    }
    threads = List.copyOf(started);
  }

  /**
   * The number of replicas that suits this machine: one per processor, or one alone where ND4J runs
   * on a GPU, which a single thread keeps busy.
   */
  public static int defaultSize() {
    return Nd4j.getEnvironment().isCPU() ? Runtime.getRuntime().availableProcessors() : 1;
  }

  /** The number R of threads. */
  public int size() {
    return threads.size();
  }

  /**
   * Runs a task on every thread, each with its own number {@code 0 .. R-1}, and waits for all of
   * them, even if one fails.
   *
   * @throws RuntimeException what the first (by number) of the failed ones threw; the others'
   *     failures are suppressed in it
   */
  public void run(IntConsumer task) {
    List<Future<?>> running = new ArrayList<>(threads.size());
    for (int r = 0; r < threads.size(); r++) {
      int replica = r;
      running.add(threads.get(r).submit(() -> task.accept(replica)));
    }
    Throwable failure = null;
    for (Future<?> future : running) {
      Throwable failed = failureOf(future);
      if (failure == null) {
        failure = failed;
      } else if (failed != null && failed != failure) {
        failure.addSuppressed(failed);
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
  }

  /**
   * Waits for a task to its end, even when interrupted: a replica must not run on behind its
   * caller's back.
   */
  private static @Nullable Throwable failureOf(Future<?> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          future.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

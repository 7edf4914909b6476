package org.md4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ReplicaPoolTest {
  private static final int SIZE = 3;

  @Test
  void runsEachNumberOnceOnAThreadOfItsOwn() {
    try (ReplicaPool pool = new ReplicaPool(SIZE)) {
      Thread[] first = threads(pool);
      Thread[] second = threads(pool);

      assertThat(first).doesNotHaveDuplicates().doesNotContainNull();
      assertThat(second).containsExactly(first);
      assertThat(first).allMatch(Thread::isDaemon);
    }
  }

  @Test
  void defaultIsOnePerProcessorAndOneOnAGpu() {
    assertThat(ReplicaPool.defaultSize())
        .isEqualTo(Nd4j.getEnvironment().isCPU() ? Runtime.getRuntime().availableProcessors() : 1);
  }

  @Test
  void tasksRunAtTheSameTime() {
    CountDownLatch allStarted = new CountDownLatch(SIZE);
    try (ReplicaPool pool = new ReplicaPool(SIZE)) {
      pool.run(
          r -> {
            allStarted.countDown();
            await(allStarted);
          });
    }
    assertThat(allStarted.getCount()).isZero();
  }

  @Test
  void aFailureIsRethrownAfterAllHaveEnded() {
    AtomicInteger ended = new AtomicInteger();
    CountDownLatch failed = new CountDownLatch(1);
    try (ReplicaPool pool = new ReplicaPool(SIZE)) {
      assertThatThrownBy(
              () ->
                  pool.run(
                      r -> {
                        if (r == 0) {
                          failed.countDown();
                          throw new IllegalStateException("replica 0");
                        }
                        await(failed);
                        ended.incrementAndGet();
                        if (r == 2) {
                          throw new AssertionError("replica 2");
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("replica 0")
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
      assertThat(ended).hasValue(2);

      assertThat(threads(pool)).doesNotContainNull();
    }
  }

  @Test
  void anErrorIsRethrownAsItIs() {
    try (ReplicaPool pool = new ReplicaPool(2)) {
      AssertionError error = new AssertionError("out");
      assertThatThrownBy(
              () ->
                  pool.run(
                      r -> {
                        throw error;
                      }))
          .isSameAs(error);
    }
  }

  @Test
  void anInterruptWaitsForTheReplicasAndIsKept() {
    AtomicInteger ended = new AtomicInteger();
    try (ReplicaPool pool = new ReplicaPool(2)) {
      Thread.currentThread().interrupt();
      pool.run(r -> ended.incrementAndGet());
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(ended).hasValue(2);
  }

  @Test
  void rejectsAnEmptyPool() {
    assertThatThrownBy(() -> new ReplicaPool(0)).hasMessage("size (0) must be at least 1");
  }

  private static Thread[] threads(ReplicaPool pool) {
    Thread[] threads = new Thread[pool.size()];
    pool.run(r -> threads[r] = Thread.currentThread());
    return threads;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts replicas", e);
    }
  }
}

package org.md4j.data.image;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Checks;

/**
 * Images that are read ahead on background threads when a {@link #prefetch hint} says that they
 * will be asked for, so that who asks does not wait for decoding. The images are the same with and
 * without it.
 *
 * <p>At most {@code capacity} images are kept, a byte a token; what was hinted at first is
 * forgotten first. The threads are daemons and end when they have had nothing to do for a while.
 */
public final class PrefetchingImages extends ImageView {
  private static final int THREADS = 2;
  private static final int MOST_BYTES = 32 << 20;
  private static final int IDLE_SECONDS = 10;

  private final int capacity;
  private final ThreadPoolExecutor threads;

  /** Oldest first; guarded by itself. */
  private final Map<Long, FutureTask<byte[]>> kept = new LinkedHashMap<>();

  private PrefetchingImages(ImageSource all, int capacity, int threads) {
    super(all);
    this.capacity = capacity;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "md4 images");
              thread.setDaemon(true);
              return thread;
            });
    this.threads.allowCoreThreadTimeOut(true);
  }

  /** Makes a set that reads ahead with two threads, and keeps at most 32 MB of images. */
  public static PrefetchingImages of(ImageSource all) {
    return of(all, Math.max(1, MOST_BYTES / all.length()), THREADS);
  }

  /**
   * Makes a set that reads ahead.
   *
   * @param all what it reads; closed with this
   * @param capacity images kept, at least 1; two training batches are enough
   * @param threads background threads, at least 1
   */
  public static PrefetchingImages of(ImageSource all, int capacity, int threads) {
    if (capacity < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "capacity and threads (%d, %d) must be at least 1".formatted(capacity, threads));
    }
    return new PrefetchingImages(all, capacity, threads);
  }

  /** Begins to read the first of these images, as many as are kept at a time. */
  @Override
  public void prefetch(long... indices) {
    List<FutureTask<byte[]>> begun = new ArrayList<>();
    synchronized (kept) {
      for (int i = 0; i < Math.min(indices.length, capacity); i++) {
        long index = indices[i];
        Checks.index(this, index);
        FutureTask<byte[]> task = kept.remove(index);
        if (task == null) {
          task = new FutureTask<>(() -> read(index));
          begun.add(task);
        }
        kept.put(index, task);
      }
      Iterator<FutureTask<byte[]>> oldest = kept.values().iterator();
      while (kept.size() > capacity) {
        // No interruption: it would close the file that the task is reading from.
        oldest.next().cancel(false);
        oldest.remove();
      }
    }
    if (!threads.isShutdown()) {
      begun.forEach(threads::execute);
    }
  }

  private byte[] read(long index) {
    int[] tokens = new int[length()];
    all().row(index, tokens);
    byte[] pixels = new byte[tokens.length];
    for (int n = 0; n < tokens.length; n++) {
      pixels[n] = (byte) tokens[n];
    }
    return pixels;
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    FutureTask<byte[]> task;
    synchronized (kept) {
      task = kept.get(index);
    }
    byte[] pixels = task == null ? null : result(task);
    if (pixels == null) {
      all().row(index, into);
    } else {
      ImageTokens.widen(pixels, into);
    }
  }

  /** What a task read; null if it failed, and whoever wants the image is to find out why. */
  private static byte @Nullable [] result(FutureTask<byte[]> task) {
    task.run(); // Here and now, if no thread has begun it.
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.isCancelled() ? null : task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return null;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    threads.getQueue().clear();
    super.close();
  }
}

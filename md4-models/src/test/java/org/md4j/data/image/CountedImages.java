package org.md4j.data.image;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.md4j.core.Checks;

/** Images of two pixels that say their numbers, of three classes in turn; counts readings. */
public class CountedImages implements ImageSource {
  private final int size;
  private final AtomicIntegerArray readings;
  private volatile long[] hint = new long[0];

  public CountedImages(int size) {
    this.size = size;
    this.readings = new AtomicIntegerArray(size);
  }

  /** The last hint. */
  long[] hint() {
    return hint.clone();
  }

  /** How often an image was asked for. */
  int readings(long index) {
    return readings.get((int) index);
  }

  @Override
  public ImageShape shape() {
    return new ImageShape(1, 2, 1);
  }

  @Override
  public List<String> classNames() {
    return List.of("a", "b", "c");
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    readings.incrementAndGet((int) index);
    into[0] = (int) index / 256;
    into[1] = (int) index % 256;
  }

  @Override
  public int label(long index) {
    return (int) (index % 3);
  }

  @Override
  public void prefetch(long... indices) {
    hint = indices.clone();
  }

  @Override
  public String name() {
    return "counted";
  }

  @Override
  public String sha256() {
    return "0".repeat(64);
  }

  @Override
  public void close() {}
}

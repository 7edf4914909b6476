package org.md4j.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Memory that is shared by whoever needs some for the length of one call: tensors are taken in
 * turn, and {@link #free} makes the memory of all of them free again.
 *
 * <p>The n-th tensor taken after a {@link #free} always lies in the n-th piece, which has grown to
 * the largest n-th tensor so far: the same calls in the same order get the same objects.
 */
public final class Scratch {
  private final List<Memory> pieces = new ArrayList<>();
  private final Supplier<Memory> maker;
  private int taken;

  /** Makes scratch memory of a number type. */
  public Scratch(Element element) {
    this(() -> new Memory(element));
  }

  /**
   * Makes scratch memory of pieces.
   *
   * @param maker makes another piece, of the number type of the others
   */
  public Scratch(Supplier<Memory> maker) {
    this.maker = maker;
  }

  /** Takes a tensor of undefined entries, valid until the next {@link #free}. */
  public Tensor take(long... shape) {
    if (taken == pieces.size()) {
      pieces.add(maker.get());
    }
    return pieces.get(taken++).of(shape);
  }

  /** Ends the use of all tensors taken. */
  public void free() {
    taken = 0;
  }

  /** The memory held, in bytes. */
  public long bytes() {
    return pieces.stream().mapToLong(Memory::bytes).sum();
  }
}

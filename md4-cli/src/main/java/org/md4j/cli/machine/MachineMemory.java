package org.md4j.cli.machine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.md4j.cli.terminal.CommandException;

/**
 * Memory that there is for arrays.
 *
 * @param bytes of it, at least 0
 */
public record MachineMemory(long bytes) {
  /**
   * Bytes a process takes beside arrays at least: the Java virtual machine and what it allocates,
   * native libraries, and the operations these have prepared (docs/memory.md has what was
   * measured).
   */
  private static final long PROCESS = 600L << 20;

  private static final double GIGABYTE = 1e9;

  /** What the machine has, or the container the process runs in, beside what the process takes. */
  public static MachineMemory here() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MachineMemory(Math.max(0, system.getTotalMemorySize() - PROCESS));
  }

  /** Tells whether arrays of so many bytes fit. */
  public boolean holds(long needed) {
    return needed <= bytes;
  }

  /**
   * Checks that arrays fit.
   *
   * @param needed bytes
   * @param what they are for
   * @param remedy says what would fit; asked for only where these do not
   * @throws CommandException if not
   */
  public void require(long needed, String what, Supplier<String> remedy) {
    if (!holds(needed)) {
      throw new CommandException(
          "memory needed (%s %s) must be at most what there is beside the process, %s: %s"
              .formatted(gigabytes(needed), what, gigabytes(bytes), remedy.get()));
    }
  }

  /**
   * Finds the largest number that fits, where all below one that fits do, too.
   *
   * @param most the largest to be tried
   * @return 0 if none does
   */
  public static int largest(int most, IntPredicate fits) {
    int fitting = 0;
    long tooLarge = most + 1L;
    while (tooLarge - fitting > 1) {
      int middle = (int) (fitting + (tooLarge - fitting) / 2);
      if (fits.test(middle)) {
        fitting = middle;
      } else {
        tooLarge = middle;
      }
    }
    return fitting;
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f GB", bytes / GIGABYTE);
  }
}

package org.md4j.cli.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Memory of this process as the operating system counts it. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final double KILOBYTES_IN_A_MEGABYTE = 1024;

  private ProcessMemory() {}

  /** The largest resident set so far in megabytes (2^20 bytes); null where Linux does not tell. */
  public static @Nullable Double peakResidentMegabytes() {
    if (!Files.isReadable(STATUS)) {
      return null;
    }
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
        if (line.startsWith(PEAK)) {
          String kilobytes = line.substring(PEAK.length()).replace("kB", "").strip();
          return Long.parseLong(kilobytes) / KILOBYTES_IN_A_MEGABYTE;
        }
      }
      return null;
    } catch (IOException e) {
      return null; // A figure for the report; a run does not fail for want of it.
    }
  }
}

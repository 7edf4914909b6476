package org.md4j.cli.machine;

import java.util.Locale;
import java.util.Set;
import org.bytedeco.openblas.global.openblas_full;

/**
 * The kernels OpenBLAS has chosen for this processor.
 *
 * <p>A release of OpenBLAS knows the processors of its day. What it does not know it runs with the
 * oldest kernels it has, which use a quarter of the arithmetic that every x86-64 processor with
 * AVX2 offers, or less.
 *
 * @param name of the processor the kernels were written for, e.g. SkylakeX
 * @param version of OpenBLAS
 */
public record BlasKernels(String name, String version) {
  /** Kernels of processors without AVX: what OpenBLAS falls back to. */
  private static final Set<String> OLD =
      Set.of(
          "katmai",
          "coppermine",
          "northwood",
          "prescott",
          "banias",
          "dothan",
          "core2",
          "penryn",
          "dunnington",
          "atom",
          "nano",
          "nehalem",
          "opteron",
          "opteron(sse3)",
          "barcelona",
          "bobcat",
          "generic",
          "armv8");

  /** The kernels in use; loads OpenBLAS. */
  public static BlasKernels load() {
    String version = openblas_full.openblas_get_config().getString();
    return new BlasKernels(
        openblas_full.openblas_get_corename().getString(),
        version.replaceFirst("^OpenBLAS ([0-9.]+).*$", "$1"));
  }

  /** Whether these are kernels for processors of long ago. */
  public boolean isOld() {
    return OLD.contains(name.toLowerCase(Locale.ROOT));
  }

  /** What to tell a person: name, version and, if the kernels are old, the remedy. */
  @Override
  public String toString() {
    String kernels = "%s, of OpenBLAS %s".formatted(name, version);
    return isOld()
        ? kernels
            + "; SLOW if this processor is newer: use a newer org.bytedeco:openblas, or set"
            + " OPENBLAS_CORETYPE=Haswell (AVX2) or SkylakeX (AVX-512)"
        : kernels;
  }
}

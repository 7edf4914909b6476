package org.md4j.cli.command;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.md4j.cli.machine.BlasKernels;
import org.md4j.cli.machine.CudaCheck;
import org.md4j.cli.machine.MatrixProductCheck;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.Compute;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;

/** Shows what a run would run on, and checks that it computes right. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    description = {
      "Show the native backend, its threads, kernels and memory limits, and check matrix products.",
      "Exit code 0 if all is well, 1 if not."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final int MATRIX_SIZE = 512;
  private static final double MEGABYTE = 1 << 20;

  private final PrintStream out;

  /** Creates the command, to print to a terminal. */
  public DoctorCommand(Terminal terminal) {
    this.out = terminal.out();
  }

  @Override
  public Integer call() {
    show("md4", new Versions().md4());
    show("DL4J", new Versions().dl4j());
    show("Java", Versions.java());
    show("system", Versions.system());
    Optional<String> cuda = CudaCheck.isCudaBuild() ? CudaCheck.problem() : Optional.empty();
    if (cuda.isPresent()) {
      show("CUDA", "cannot be used: " + cuda.get());
      return 1;
    }
    showBackend(NativeBackend.load());
    show("BLAS kernels", BlasKernels.load().toString());
    Precision fastest = Precision.fastest();
    try (Compute compute = ComputeBackend.preferred(fastest).open(DataType.FLOAT)) {
      show(
          "networks",
          "%s; %s auto is %s"
              .formatted(compute.description(), PrecisionFlag.NAME, FlagNames.spelled(fastest)));
    }
    MatrixProductCheck check = MatrixProductCheck.run(MATRIX_SIZE);
    Double bf16 = check.bf16Gigaflops();
    show(
        "matrix product",
        String.format(
            Locale.ROOT,
            "%s: %d x %d, largest relative error %.1e against 64-bit Java, %.0f GFLOP/s as in networks"
                + " in f32,%s %.0f GFLOP/s by ND4J alone, %.0f GFLOP/s in a stack%s",
            check.passed() ? "right" : "WRONG",
            check.size(),
            check.size(),
            check.largestError(),
            check.networkGigaflops(),
            bf16 == null ? "" : String.format(Locale.ROOT, " %.0f in bf16,", bf16),
            check.gigaflops(),
            check.stackedGigaflops(),
            check.slowWay().map(slow -> "; " + slow).orElse("")));
    return check.passed() ? 0 : 1;
  }

  private void showBackend(NativeBackend backend) {
    show("backend", backend.name());
    show("native code", backend.classifier());
    show("BLAS", backend.blasVendor());
    show(
        "threads",
        "%d for an operation (OpenMP), %d for a matrix product (BLAS); a training run uses a core a replica"
            .formatted(backend.ompThreads(), backend.blasThreads()));
    show(
        "memory",
        "heap %s, outside it %s, whole process %s"
            .formatted(
                limit(Runtime.getRuntime().maxMemory()),
                limit(backend.offHeapBytes()),
                limit(backend.physicalBytes())));
  }

  private static String limit(long bytes) {
    return bytes <= 0 || bytes == Long.MAX_VALUE
        ? "unlimited"
        : String.format(Locale.ROOT, "%.0f MB", bytes / MEGABYTE);
  }

  private void show(String what, String value) {
    out.printf("%-15s %s%n", what, value);
  }
}

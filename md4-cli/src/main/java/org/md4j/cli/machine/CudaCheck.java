package org.md4j.cli.machine;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/**
 * What keeps the CUDA backend from running on this machine, if anything.
 *
 * <p>Asks the CUDA runtime by reflection: its classes are there only in a build with {@code
 * -Pcuda}. ND4J 1.0.0-M2.1 holds machine code for compute capability 3.7 to 8.6, which runs up to
 * 8.9, and no PTX that a newer GPU's driver could compile.
 */
public final class CudaCheck {
  private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";
  private static final String RUNTIME = "org.bytedeco.cuda.global.cudart";
  private static final int OLDEST = 37;
  private static final int NEWEST = 89;
  private static final int SUCCESS = 0;
  private static final int INSUFFICIENT_DRIVER = 35;
  private static final int COMPUTE_CAPABILITY_MAJOR = 75;
  private static final int COMPUTE_CAPABILITY_MINOR = 76;

  private CudaCheck() {}

  /** Whether this build uses the CUDA backend. */
  public static boolean isCudaBuild() {
    return CudaCheck.class.getClassLoader().getResource(BACKEND.replace('.', '/') + ".class")
        != null;
  }

  /** One line that says what is wrong, or empty if the first GPU can be used. */
  public static Optional<String> problem() {
    try {
      Class<?> runtime = Class.forName(RUNTIME);
      int[] count = {0};
      int status =
          (int) runtime.getMethod("cudaGetDeviceCount", int[].class).invoke(null, (Object) count);
      if (status != SUCCESS || count[0] == 0) {
        return Optional.of(noDevice(status));
      }
      return capabilityProblem(
          10 * attribute(runtime, COMPUTE_CAPABILITY_MAJOR)
              + attribute(runtime, COMPUTE_CAPABILITY_MINOR));
    } catch (LinkageError e) {
      return Optional.of(linkageProblem(e));
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      return Optional.of("the CUDA runtime cannot be asked: " + cause);
    }
  }

  /**
   * What is wrong with a GPU of a compute capability.
   *
   * @param capability ten times the major plus the minor version: 86 for 8.6
   */
  static Optional<String> capabilityProblem(int capability) {
    if (capability >= OLDEST && capability <= NEWEST) {
      return Optional.empty();
    }
    String found = "the GPU has compute capability " + capability / 10 + "." + capability % 10;
    String covered = "; this release's CUDA code covers 3.7 to 8.9";
    return Optional.of(
        capability > NEWEST
            ? found + covered + " and holds no PTX, so Hopper and newer GPUs cannot run it"
            : found + covered);
  }

  static String linkageProblem(LinkageError error) {
    String message = String.valueOf(error.getMessage());
    Throwable cause = error.getCause();
    String all = cause == null ? message : message + "; " + cause.getMessage();
    return all.contains("libcuda.so") || all.contains("nvcuda")
        ? "no NVIDIA driver: its library libcuda was not found; install the driver (CUDA itself"
            + " comes with this build)"
        : "the CUDA libraries do not load: " + message;
  }

  static String noDevice(int status) {
    return status == INSUFFICIENT_DRIVER
        ? "the NVIDIA driver is missing or older than CUDA 11.6 needs; install a current one"
        : "no CUDA device was found (CUDA error " + status + ")";
  }

  private static int attribute(Class<?> runtime, int attribute)
      throws ReflectiveOperationException {
    int[] value = {0};
    runtime
        .getMethod("cudaDeviceGetAttribute", int[].class, int.class, int.class)
        .invoke(null, value, attribute, 0);
    return value[0];
  }
}

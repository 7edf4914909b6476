package org.md4j.cli.machine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.md4j.cli.terminal.CommandException;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The ND4J backend that was loaded, as it really is and not as it was asked for.
 *
 * @param name the backend's class, e.g. CpuBackend
 * @param classifier of the jar its native library came out of, e.g. linux-x86_64-onednn-avx2
 * @param blasVendor of its matrix library
 * @param ompThreads OpenMP threads an operation may use
 * @param blasThreads threads a matrix product may use
 * @param offHeapBytes most memory outside the Java heap; 0 for no limit
 * @param physicalBytes most memory of the whole process; 0 for no limit
 */
public record NativeBackend(
    String name,
    String classifier,
    String blasVendor,
    int ompThreads,
    long blasThreads,
    long offHeapBytes,
    long physicalBytes) {
  private static final Pattern NATIVE_JAR =
      Pattern.compile(
          "nd4j-(?:native|cuda-[0-9.]+)-\\d[^/\\\\]*?-((?:linux|macosx|windows)-[^/\\\\]+)\\.jar");

  /** Loads the backend and describes it. */
  public static NativeBackend load() {
    requireUsable();
    Nd4jEnvironment environment = Nd4jEnvironment.getEnvironment();
    return new NativeBackend(
        Nd4j.getBackend().getClass().getSimpleName(),
        loadedClassifier().orElse("unknown"),
        environment.getBlasVendor(),
        environment.getOmpThreads(),
        environment.getBlasThreads(),
        Pointer.maxBytes(),
        Pointer.maxPhysicalBytes());
  }

  /**
   * Checks that the backend can run here, before anything is loaded or written.
   *
   * @throws CommandException if this is a CUDA build and the machine cannot run it
   */
  public static void requireUsable() {
    Optional<String> problem = CudaCheck.isCudaBuild() ? CudaCheck.problem() : Optional.empty();
    if (problem.isPresent()) {
      throw new CommandException("CUDA cannot be used: " + problem.get());
    }
  }

  /** The classifier in the path of a library that javacpp unpacked. */
  static Optional<String> classifierOf(String libraryPath) {
    Matcher jar = NATIVE_JAR.matcher(libraryPath);
    return jar.find() ? Optional.of(jar.group(1)) : Optional.empty();
  }

  private static Optional<String> loadedClassifier() {
    return Loader.getLoadedLibraries().values().stream()
        .flatMap(path -> classifierOf(path).stream())
        .findFirst();
  }
}

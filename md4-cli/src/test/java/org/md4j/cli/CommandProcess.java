package org.md4j.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A Java program in a process of its own, to be sent signals.
 *
 * @param process runs
 * @param output file of what it prints on both streams
 */
public record CommandProcess(Process process, Path output) implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;
  private static final int GLANCE_MILLISECONDS = 20;

  /** Starts {@code md4} with this process's class path. */
  public static CommandProcess md4(Path output, String... arguments) throws IOException {
    return of(Md4.class, "512m", output, arguments);
  }

  /** Starts {@code md4} with another limit of the Java heap, as Java spells it. */
  public static CommandProcess md4WithHeap(String heap, Path output, String... arguments)
      throws IOException {
    return of(Md4.class, heap, output, arguments);
  }

  /** Starts a program with this process's class path. */
  public static CommandProcess of(Class<?> program, Path output, String... arguments)
      throws IOException {
    return of(program, "512m", output, arguments);
  }

  private static CommandProcess of(Class<?> program, String heap, Path output, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(withSignals());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap,
            "-Djava.awt.headless=true",
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            program.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    return new CommandProcess(builder.start(), output);
  }

  /**
   * What a command begins with so that the process hears signals though this one does not, as under
   * nohup or in the background of a script; Java leaves alone what it finds ignored.
   */
  private static List<String> withSignals() throws IOException {
    List<String> prefix = List.of("env", "--default-signal=INT,TERM,HUP");
    List<String> trial = new ArrayList<>(prefix);
    trial.add("true");
    try {
      return new ProcessBuilder(trial).start().waitFor() == 0 ? prefix : List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** Waits until something is so, or fails with what the process printed. */
  public void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("it did not come to that: " + printed());
      }
      Thread.sleep(GLANCE_MILLISECONDS);
    }
  }

  /** Sends a signal, such as INT. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for the end and returns the exit code. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end: " + printed());
    }
    return process.exitValue();
  }

  /** What was printed so far. */
  public String printed() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

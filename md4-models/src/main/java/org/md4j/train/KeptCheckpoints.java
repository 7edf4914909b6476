package org.md4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.md4j.file.FileReplacement;

/**
 * The files of the checkpoints that a run keeps, all in one folder: the latest under the name given
 * to {@link Trainer#checkpointTo(Path)}, such as {@code checkpoint.md4}; the latest ones, it among
 * them, by their steps, {@code checkpoint-1500.md4}; and the best by validation, {@code
 * checkpoint-best.md4}. Names of the same checkpoint are links to one file where the file system
 * has hard links.
 *
 * @param latest file of the latest checkpoint
 */
public record KeptCheckpoints(Path latest) {
  /** The file of the checkpoint after the best evaluation; missing until a run is evaluated. */
  public Path best() {
    return named("best");
  }

  /** The file of the checkpoint after so many steps, if it is kept. */
  public Path ofStep(int step) {
    return named(Integer.toString(step));
  }

  /**
   * The files that are kept by their steps, the latest first.
   *
   * @throws UncheckedIOException if the folder cannot be read
   */
  public List<Path> byStep() {
    Pattern numbered =
        Pattern.compile(Pattern.quote(stem()) + "-([0-9]{1,10})" + Pattern.quote(ending()));
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .flatMap(file -> step(numbered, file).map(step -> new Numbered(step, file)).stream())
          .sorted(Comparator.comparingLong(Numbered::step).reversed())
          .map(Numbered::file)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the latest checkpoint, or the latest before it where that one is damaged.
   *
   * @param types names by which checkpoints are read
   * @param damaged told of each file that was passed over, in one line that names it
   * @throws CheckpointException about the latest file if none can be read
   */
  public Checkpoint read(CheckpointTypes types, Consumer<? super CheckpointException> damaged) {
    try {
      return Checkpoint.read(latest, types);
    } catch (CheckpointException e) {
      for (Path earlier : Files.isDirectory(folder()) ? byStep() : List.<Path>of()) {
        Optional<Checkpoint> whole = readIfWhole(earlier, types);
        if (whole.isPresent()) {
          damaged.accept(e);
          return whole.get();
        }
      }
      throw e;
    }
  }

  private static Optional<Checkpoint> readIfWhole(Path file, CheckpointTypes types) {
    try {
      return Optional.of(Checkpoint.read(file, types));
    } catch (CheckpointException e) {
      return Optional.empty();
    }
  }

  /** Gives the latest checkpoint the names it is kept by, and deletes those kept long enough. */
  void keep(int step, boolean isBest, int count) throws IOException {
    if (isBest) {
      FileReplacement.link(latest, best());
    }
    if (count > 1) {
      FileReplacement.link(latest, ofStep(step));
    }
    for (Path old : byStep().stream().skip(count > 1 ? count : 0).toList()) {
      Files.delete(old);
    }
  }

  private static Optional<Long> step(Pattern numbered, Path file) {
    Matcher matcher = numbered.matcher(file.getFileName().toString());
    return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }

  private Path named(String what) {
    return latest.resolveSibling(stem() + "-" + what + ending());
  }

  private Path folder() {
    return latest.toAbsolutePath().resolveSibling("");
  }

  private String stem() {
    String name = latest.getFileName().toString();
    return name.substring(0, name.length() - ending().length());
  }

  private String ending() {
    String name = latest.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(dot) : "";
  }

  private record Numbered(long step, Path file) {}
}

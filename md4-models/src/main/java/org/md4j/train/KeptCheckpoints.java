package org.md4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.md4j.file.FailureText;
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
    return numbered().stream().map(Numbered::file).toList();
  }

  private List<Numbered> numbered() {
    Pattern name =
        Pattern.compile(Pattern.quote(stem()) + "-(0|[1-9][0-9]{0,9})" + Pattern.quote(ending()));
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .flatMap(file -> step(name, file).map(step -> new Numbered(step, file)).stream())
          .sorted(Comparator.comparingLong(Numbered::step).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the latest checkpoint, or where that one is damaged the latest before it that is whole,
   * the best one at last.
   *
   * @param types names by which checkpoints are read
   * @param damaged told of each file that was passed over, in one line that names it
   * @throws CheckpointException about the latest file if none can be read
   */
  public Checkpoint read(CheckpointTypes types, Consumer<? super CheckpointException> damaged) {
    try {
      return Checkpoint.read(latest, types);
    } catch (CheckpointException e) {
      List<Path> others = new ArrayList<>(Files.isDirectory(folder()) ? byStep() : List.of());
      others.add(best());
      for (Path earlier : others) {
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

  /**
   * Writes a checkpoint under all its names, that of the latest last: whenever the process is
   * killed, what goes on from the latest writes again what is missing.
   *
   * @param count latest checkpoints that are kept
   * @throws CheckpointException if it cannot be written; the latest is then what it was
   */
  void write(Checkpoint checkpoint, boolean isBest, int count, CheckpointTypes types) {
    List<Path> names = new ArrayList<>();
    if (isBest) {
      names.add(best());
    }
    if (count > 1) {
      names.add(ofStep(checkpoint.step()));
    }
    names.add(latest);
    Path first = names.get(0);
    checkpoint.write(first, types);
    for (Path name : names.subList(1, names.size())) {
      try {
        FileReplacement.link(first, name);
      } catch (IOException e) {
        throw new CheckpointException(
            "checkpoint (%s) cannot be written: %s".formatted(name, FailureText.of(e)), e);
      }
    }
  }

  /**
   * Deletes checkpoints of a run from before its latest ones, and what a kill left of writing them.
   * Files that are not of the run, whatever their names, and those of later steps stay.
   *
   * @param checkpoint the latest
   * @param count latest checkpoints that are kept
   */
  void prune(Checkpoint checkpoint, int count, CheckpointTypes types) throws IOException {
    List<Path> own =
        numbered().stream()
            .filter(file -> file.step() <= checkpoint.step())
            .filter(file -> CheckpointFile.isOfRun(file.file(), file.step(), checkpoint, types))
            .map(Numbered::file)
            .toList();
    for (Path old : own.subList(Math.min(own.size(), count > 1 ? count : 0), own.size())) {
      Files.deleteIfExists(old);
    }
    Pattern partial =
        Pattern.compile(
            Pattern.quote(stem())
                + "-([0-9]+|best)"
                + Pattern.quote(ending() + FileReplacement.PARTIAL));
    try (Stream<Path> files = Files.list(folder())) {
      for (Path left :
          files.filter(f -> partial.matcher(f.getFileName().toString()).matches()).toList()) {
        Files.deleteIfExists(left);
      }
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

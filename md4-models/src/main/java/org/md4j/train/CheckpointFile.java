package org.md4j.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.md4j.file.FailureText;
import org.md4j.file.FileReplacement;
import org.md4j.objective.LearnedObjective;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A checkpoint as a file; the format is told at {@link Checkpoint}. */
final class CheckpointFile {
  private static final String HEADER = "checkpoint.json";
  private static final String PARAMETERS = "parameters.f32";
  private static final String AVERAGE = "ema.f32";
  private static final String MEAN = "adam-m.f32";
  private static final String MEAN_SQUARE = "adam-v.f32";
  private static final String SCHEDULE = "schedule-";

  private CheckpointFile() {}

  static void write(Checkpoint checkpoint, Path file, CheckpointTypes types) {
    requirePlace(file);
    List<ArrayEntry> arrays = new ArrayList<>(entries("", checkpoint.state()));
    OptimizerState schedule = checkpoint.scheduleState();
    if (schedule != null) {
      arrays.addAll(entries(SCHEDULE, schedule));
    }
    byte[] header = header(checkpoint, arrays).toJson(types);
    try {
      FileReplacement.write(file, out -> writeArchive(out, header, arrays));
    } catch (IOException e) {
      throw new CheckpointException(
          "checkpoint (%s) cannot be written: %s".formatted(file, FailureText.reason(e)), e);
    }
  }

  static void requirePlace(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CheckpointException(
          "folder of checkpoint (" + file + ") must exist, and does not: create it first");
    }
    if (Files.isDirectory(file)) {
      throw new CheckpointException("checkpoint (" + file + ") cannot be written: it is a folder");
    }
  }

  private static List<ArrayEntry> entries(String prefix, OptimizerState state) {
    return List.of(
        new ArrayEntry(prefix + PARAMETERS, state.parameters()),
        new ArrayEntry(prefix + AVERAGE, state.average()),
        new ArrayEntry(prefix + MEAN, state.mean()),
        new ArrayEntry(prefix + MEAN_SQUARE, state.meanSquare()));
  }

  private static CheckpointHeader header(Checkpoint checkpoint, List<ArrayEntry> arrays) {
    return new CheckpointHeader(
        CheckpointHeader.FORMAT,
        checkpoint.libraryVersion(),
        checkpoint.network().vocabulary(),
        checkpoint.network(),
        checkpoint.objective(),
        checkpoint.trainer(),
        checkpoint.data(),
        checkpoint.step(),
        checkpoint.best(),
        checkpoint.parameters().length(),
        arrays.stream().collect(Collectors.toMap(ArrayEntry::name, ArrayEntry::hash)));
  }

  private static void writeArchive(OutputStream out, byte[] header, List<ArrayEntry> arrays)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.putNextEntry(ArrayEntry.stored(HEADER, header.length, crc32(header)));
    zip.write(header);
    zip.closeEntry();
    for (ArrayEntry array : arrays) {
      array.write(zip);
    }
    zip.finish();
  }

  static Checkpoint read(Path file, CheckpointTypes types) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException("checkpoint (" + file + ") must be an existing file");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return read(zip, types);
    } catch (CheckpointException e) {
      throw new CheckpointException(
          "checkpoint (%s) cannot be used: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw notWhole(file, FailureText.reason(e), e);
    } catch (IllegalArgumentException e) {
      throw notWhole(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static CheckpointException notWhole(Path file, String why, Exception cause) {
    return new CheckpointException(
        "checkpoint (%s) cannot be used: it is not a whole zip archive, %s".formatted(file, why),
        cause);
  }

  private static Checkpoint read(ZipFile zip, CheckpointTypes types) throws IOException {
    CheckpointHeader header = header(zip, types);
    Optional<LearnedObjective> learned = header.objective().learned();
    return new Checkpoint(
        header.network(),
        header.objective(),
        header.trainer(),
        header.step(),
        header.best(),
        header.data(),
        header.library(),
        state(zip, header, "", header.parameterCount()),
        learned.isPresent()
            ? state(zip, header, SCHEDULE, learned.get().parameters().length)
            : null);
  }

  private static OptimizerState state(
      ZipFile zip, CheckpointHeader header, String prefix, long count) throws IOException {
    return new OptimizerState(
        array(zip, header, prefix + PARAMETERS, count),
        array(zip, header, prefix + AVERAGE, count),
        array(zip, header, prefix + MEAN, count),
        array(zip, header, prefix + MEAN_SQUARE, count));
  }

  /**
   * Tells whether a file holds a checkpoint after so many steps of the run of another one; of one
   * that cannot be read it does not.
   */
  static boolean isOfRun(Path file, long step, Checkpoint run, CheckpointTypes types) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      CheckpointHeader header = header(zip, types);
      return header.step() == step
          && header.network().equals(run.network())
          && header.data().sameData(run.data())
          && Checkpoint.comparable(header.trainer()).equals(Checkpoint.comparable(run.trainer()));
    } catch (IOException | IllegalArgumentException | CheckpointException e) {
      return false;
    }
  }

  private static CheckpointHeader header(ZipFile zip, CheckpointTypes types) throws IOException {
    ZipEntry entry = entry(zip, HEADER);
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] json = in.readAllBytes();
      if (crc32(json) != entry.getCrc()) {
        throw new CheckpointException(HEADER + " is damaged: its checksum is not the one recorded");
      }
      return CheckpointHeader.fromJson(json, types);
    }
  }

  private static INDArray array(ZipFile zip, CheckpointHeader header, String name, long count)
      throws IOException {
    ZipEntry entry = entry(zip, name);
    String sha256 = header.sha256().get(name);
    long size = count * Float.BYTES;
    if (sha256 == null || entry.getSize() != size) {
      throw new CheckpointException(
          "%s must have a recorded SHA-256 and %d bytes, got %d"
              .formatted(name, size, entry.getSize()));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return ArrayEntry.read(in, name, count, sha256);
    }
  }

  private static ZipEntry entry(ZipFile zip, String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new CheckpointException("it holds no " + name);
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new CheckpointException(name + " must be stored without compression");
    }
    return entry;
  }

  private static long crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}

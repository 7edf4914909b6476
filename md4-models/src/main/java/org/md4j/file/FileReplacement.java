package org.md4j.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a file in one step: what bears its name is the old contents or all of the new, whenever
 * the process or the machine stops.
 *
 * <p>The new contents are written to a file beside it, of its name and {@value #PARTIAL}, forced to
 * the disk and renamed; then the folder is forced, too. An interrupted thread finishes all that and
 * stays interrupted. One process at a time may replace a file of a name. A failure leaves the old
 * contents and nothing beside them; a kill may leave the file beside, which the next replacement
 * overwrites.
 */
public final class FileReplacement {
  /** What is added to a file's name while it is written. */
  public static final String PARTIAL = ".partial";

  private static final int BUFFER = 1 << 16;

  /** Writes the new contents of a file. */
  public interface Contents {
    /**
     * Writes all of the contents.
     *
     * @param out buffered; need not be flushed or closed
     */
    void write(OutputStream out) throws IOException;
  }

  private FileReplacement() {}

  /**
   * Replaces a file, or makes it.
   *
   * @throws IOException if the contents cannot be written; the file is then what it was
   */
  public static void write(Path file, Contents contents) throws IOException {
    // Not createTempFile: it lets nobody else read it, and what a kill leaves would pile up.
    Path partial = partial(file);
    Files.deleteIfExists(partial); // It may be a link to a file that is to stay as it is.
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial), BUFFER)) {
        contents.write(out);
      }
      place(partial, file);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Writes to a file a person names: replaces one, or makes it, as {@link #write(Path, Contents)}
   * does; what is there and no regular file, such as a pipe or a terminal, is written to as it is.
   *
   * @throws FileSystemException if the contents cannot be written; names the file
   */
  public static void writeOut(Path file, Contents contents) throws IOException {
    try {
      if (!Files.exists(file) || Files.isRegularFile(file)) {
        write(
            Files.isSymbolicLink(file) ? file.resolveSibling(Files.readSymbolicLink(file)) : file,
            contents);
        return;
      }
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
        contents.write(out);
      }
    } catch (AccessDeniedException e) {
      throw caused(new AccessDeniedException(file.toString()), e);
    } catch (NoSuchFileException e) {
      throw caused(new NoSuchFileException(file.toString()), e);
    } catch (IOException e) { // Of the file beside, or of a stream that does not know its own.
      String why = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
      throw caused(new FileSystemException(file.toString(), null, why), e);
    }
  }

  private static FileSystemException caused(FileSystemException named, IOException cause) {
    named.initCause(cause);
    return named;
  }

  /**
   * Writes lines in UTF-8 to a file a person names, as {@link #writeOut(Path, Contents)} does.
   *
   * @throws IOException if the lines cannot be written
   */
  public static void writeOut(Path file, List<String> lines) throws IOException {
    writeOut(
        file,
        out -> {
          for (String line : lines) {
            out.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /**
   * Replaces a file by a text in UTF-8, or makes it.
   *
   * @throws IOException if the text cannot be written; the file is then what it was
   */
  public static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Gives a file's contents a second name: as a hard link where the file system has them, which
   * takes no room and stays when the first name gets other contents, else as a copy.
   *
   * @param file with the contents
   * @param name replaced in one step if it exists; in the same folder
   * @throws IOException if the name cannot be given; it is then what it was
   */
  public static void link(Path file, Path name) throws IOException {
    Path partial = partial(name);
    Files.deleteIfExists(partial);
    try {
      try {
        Files.createLink(partial, file);
      } catch (IOException | UnsupportedOperationException e) {
        Files.copy(file, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      place(partial, name);
    } finally {
      // Renaming a link to the file that has the name already does nothing and leaves both.
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Gives a file that was written beside another one that one's name, once all of it is on the
   * disk.
   *
   * @param written in the folder of {@code file}
   * @param file replaced if it exists
   * @throws IOException if it cannot be; both are then what they were
   */
  public static void place(Path written, Path file) throws IOException {
    force(written, StandardOpenOption.WRITE);
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    forceFolder(file.toAbsolutePath().getParent());
  }

  /** Returns the file that new contents of a file are written to. */
  public static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + PARTIAL);
  }

  /** Puts on the disk what was written, in spite of interruptions, which close channels. */
  private static void force(Path file, OpenOption option) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(file, option)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted = Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Puts the new name on the disk, too, where the system lets folders be opened. */
  private static void forceFolder(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try {
      force(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      // Windows opens no folders; names are then as safe as its file system makes them.
    }
  }
}

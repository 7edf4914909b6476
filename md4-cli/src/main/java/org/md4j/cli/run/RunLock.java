package org.md4j.cli.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.md4j.cli.terminal.CommandException;
import org.md4j.file.FailureText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a run folder to one training at a time, by a lock on a file in it. The operating system
 * ends the lock with the process that has it, however that ends. Reading a run needs no lock.
 *
 * <p>The thread that has the lock of a folder may take it again. Where the file system has no locks
 * a warning says so, and nothing keeps another process out.
 */
public final class RunLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  /** The name of the file. */
  static final String FILE = ".lock";

  /** A byte behind the text, for systems on which a locked one cannot be read. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /** Those of this process. Its files must not be opened twice: closing one ends the lock. */
  private static final Map<Path, RunLock> HELD = new HashMap<>();

  private final Path folder;
  private final Thread holder = Thread.currentThread();
  private final FileChannel channel;
  private int holds = 1;

  private RunLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder.
   *
   * @param folder must exist
   * @throws CommandException saying who has it if another training does
   */
  public static RunLock of(RunFolder folder) throws IOException {
    Path real = folder.path().toRealPath();
    synchronized (HELD) {
      RunLock held = HELD.get(real);
      if (held == null) {
        RunLock taken = new RunLock(real, locked(folder));
        HELD.put(real, taken);
        return taken;
      }
      if (held.holder != Thread.currentThread()) {
        throw inTraining(folder, description());
      }
      held.holds++;
      return held;
    }
  }

  private static FileChannel locked(RunFolder folder) throws IOException {
    Path file = folder.path().resolve(FILE);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      if (isHeldElsewhere(channel, folder)) {
        throw inTraining(folder, Files.readString(file).strip());
      }
      byte[] text = (description() + "\n").getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text), 0);
      taken = true;
      return channel;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static boolean isHeldElsewhere(FileChannel channel, RunFolder folder) {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false) == null;
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be locked ({}): see to it that no other md4 trains this run",
          folder.path(),
          FailureText.reason(e));
      return false;
    }
  }

  private static CommandException inTraining(RunFolder folder, String holder) {
    return new CommandException(
        "run folder (%s) must not be in training, got %s: wait for it or end it"
            .formatted(folder.path(), holder));
  }

  private static String description() {
    return "process %d on %s since %s"
        .formatted(
            ProcessHandle.current().pid(),
            host(),
            OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a host without a name";
    }
  }

  /**
   * Gives back what was taken once; the file stays, so that no two trainings ever lock two files.
   */
  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      holds--;
      if (holds == 0) {
        HELD.remove(folder);
        channel.close();
      }
    }
  }
}

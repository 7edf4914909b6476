package org.md4j.cli.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.terminal.CommandException;

/**
 * Keeps a run folder to one training at a time, by a lock on a file in it. The operating system
 * ends the lock with the process that has it, however that ends. Reading a run needs no lock.
 */
public final class RunLock implements AutoCloseable {
  /** A byte behind the text, for systems on which a locked one cannot be read. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder.
   *
   * @throws CommandException saying who has it if another training does
   */
  public static RunLock of(RunFolder folder) throws IOException {
    Path file = folder.path().resolve(".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      if (lock(channel) == null) {
        throw new CommandException(
            "run folder (%s) must not be in training, got %s: wait for it or end it"
                .formatted(folder.path(), Files.readString(file).strip()));
      }
      taken = true;
      byte[] holder = (holder() + "\n").getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder), 0);
      return new RunLock(channel);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false);
    } catch (OverlappingFileLockException e) {
      return null; // This very process has it.
    }
  }

  private static String holder() {
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

  /** Gives the lock back; the file stays, so that no two trainings ever lock two files. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package org.md4j.fuzz.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterOutputStream2;

/**
 * The usual file system, but that the n-th change of a file fails: opening one to write, a write, a
 * renaming, a second name, putting a file on the disk. Deleting never fails, as on a full disk.
 */
final class FailingDisk extends FilterFileSystemProvider {
  private final Fault fault;
  private final int first;
  private int changes;

  /**
   * Makes a disk.
   *
   * @param first number of the change that fails, from 1 on
   */
  FailingDisk(Fault fault, int first) {
    super("failing://", FileSystems.getDefault());
    this.fault = fault;
    this.first = first;
  }

  /** A path on this disk. */
  Path at(Path path) {
    return wrapPath(path);
  }

  /** Whether a change has failed. */
  synchronized boolean hasFailed() {
    return changes >= first;
  }

  private synchronized boolean fails() {
    changes++;
    return changes == first || (fault.isLasting() && changes > first);
  }

  private void change(Path path) throws IOException {
    if (fails()) {
      throw new FileSystemException(path.toString(), null, fault.reason());
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    change(source);
    super.move(source, target, options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    change(target);
    super.copy(source, target, options);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    change(link);
    super.createLink(link, existing);
  }

  @Override
  public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    change(path);
    return new FilterOutputStream2(super.newOutputStream(path, options)) {
      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        if (fails()) {
          delegate.write(bytes, offset, count / 2);
          throw new IOException(fault.reason());
        }
        delegate.write(bytes, offset, count);
      }

      @Override
      public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
      }

      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }
    };
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.WRITE)) {
      change(path);
    }
    return new FilterFileChannel(super.newFileChannel(path, options, attributes)) {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        if (fails()) {
          ByteBuffer half = bytes.slice(bytes.position(), bytes.remaining() / 2);
          delegate.write(half);
          throw new IOException(fault.reason());
        }
        return delegate.write(bytes);
      }

      @Override
      public void force(boolean metadata) throws IOException {
        if (fails()) {
          throw new IOException(fault.reason());
        }
        delegate.force(metadata);
      }
    };
  }
}

package org.md4j.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.md4j.core.Sha256;
import org.md4j.core.Vocabulary;
import org.md4j.file.FileReplacement;

/**
 * Writes the tokens of one part of one shard to a file, which has its name only when it is whole.
 */
final class ShardPart implements Closeable {
  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final Path beside;
  private final FileChannel channel;
  private final TokenWidth width;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
  private final Sha256 hash = new Sha256();
  private long tokens;

  ShardPart(Path file, Vocabulary vocabulary) throws IOException {
    this.file = file;
    this.beside = FileReplacement.partial(file);
    this.width = TokenWidth.of(vocabulary);
    this.channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** The file of a part: {@code train-00000.tokens}. */
  static Path file(Path folder, String part, int shard) {
    return folder.resolve("%s-%05d.tokens".formatted(part, shard));
  }

  void append(int token) throws IOException {
    width.put(chunk, token);
    tokens++;
    if (!chunk.hasRemaining()) {
      flush();
    }
  }

  private void flush() throws IOException {
    hash.add(chunk.flip());
    chunk.rewind();
    while (chunk.hasRemaining()) {
      channel.write(chunk);
    }
    chunk.clear();
  }

  /** Writes what is left and gives the file its name. */
  ShardIndex.Part finish() throws IOException {
    flush();
    close();
    FileReplacement.place(beside, file);
    return new ShardIndex.Part(tokens, hash.hex());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

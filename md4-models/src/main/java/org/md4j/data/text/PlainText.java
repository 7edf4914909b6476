package org.md4j.data.text;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A file of plain text: one document, in pieces; {@code \r\n} and {@code \r} become {@code \n}. */
final class PlainText implements FilePassages {
  private final StrictReader reader;
  private final TextPieces pieces;
  private @Nullable String ahead;

  PlainText(String name, InputStream plain) throws IOException {
    reader = new StrictReader(name, plain);
    pieces = new TextPieces(new LineEnds(reader));
    ahead = pieces.next();
  }

  @Override
  public @Nullable Passage next() throws IOException {
    String piece = ahead;
    if (piece == null) {
      return null;
    }
    ahead = pieces.next();
    return new Passage(piece, ahead == null);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

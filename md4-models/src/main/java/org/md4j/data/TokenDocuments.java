package org.md4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.md4j.core.RowSource;
import org.md4j.core.Sha256;
import org.md4j.core.Vocabulary;

/**
 * Documents, each a string of tokens, that lie one after the other in a {@link TokenSequence}; or
 * some consecutive ones of such. Immutable and safe for use by many threads.
 */
public final class TokenDocuments {
  private final TokenSequence tokens;
  private final String name;
  private final String sha256;
  private final long[] ends;
  private final int from;
  private final int to;

  private TokenDocuments(
      TokenSequence tokens, String name, String sha256, long[] ends, int from, int to) {
    this.tokens = tokens;
    this.name = name;
    this.sha256 = sha256;
    this.ends = ends;
    this.from = from;
    this.to = to;
  }

  /**
   * Copies documents, in the narrowest width that holds the vocabulary.
   *
   * @param name what reports and errors call them
   * @param documents at least one with at least one token; some may be empty
   * @throws DataException if there are no tokens, or one is outside {@code [0, V)}
   */
  public static TokenDocuments of(Vocabulary vocabulary, String name, List<int[]> documents) {
    TokenSequenceBuilder all = TokenSequence.builder(vocabulary, name);
    long[] ends = new long[documents.size()];
    for (int document = 0; document < ends.length; document++) {
      all.appendAll(documents.get(document));
      ends[document] = all.size();
    }
    return of(all.build(), ends);
  }

  /**
   * Cuts a sequence, such as one of a mapped file, into documents. Their {@link #sha256} is that of
   * the sequence's together with the ends.
   *
   * @param ends where each document ends (exclusive) and the next begins; not descending, the last
   *     the length of the sequence; copied
   * @throws DataException if they are not so
   */
  public static TokenDocuments of(TokenSequence tokens, long... ends) {
    long[] copy = ends.clone();
    Sha256 hash = new Sha256();
    hash.addFile("tokens", tokens.sha256());
    ByteBuffer end = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long begin = 0;
    for (int document = 0; document < copy.length; document++) {
      if (copy[document] < begin || copy[document] > tokens.length()) {
        throw new DataException(
            "%s: end (%d) of document %d must be in [%d, %d]"
                .formatted(tokens.name(), copy[document], document, begin, tokens.length()));
      }
      begin = copy[document];
      hash.add(end.clear().putLong(begin).flip());
    }
    if (begin != tokens.length()) {
      throw new DataException(
          "%s: the last document must end at %d, where the tokens do, got %d"
              .formatted(tokens.name(), tokens.length(), begin));
    }
    return new TokenDocuments(tokens, tokens.name(), hash.hex(), copy, 0, copy.length);
  }

  /** The vocabulary the ids belong to. */
  public Vocabulary vocabulary() {
    return tokens.vocabulary();
  }

  /** The name in reports; of a part, with its range. */
  public String name() {
    return name;
  }

  /** SHA-256 of tokens and ends, in hex; of a part, that of the whole. */
  public String sha256() {
    return sha256;
  }

  /** The number of documents. */
  public int size() {
    return to - from;
  }

  /** Returns one document, a view. */
  public TokenSequence document(int index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("index (" + index + ") must be in [0, " + size() + ")");
    }
    return tokens.part(begin(from + index), ends[from + index]);
  }

  /** Returns documents {@code from} (inclusive) to {@code to} (exclusive), as a view. */
  public TokenDocuments part(int from, int to) {
    if (from < 0 || to < from || to > size()) {
      throw new IndexOutOfBoundsException(
          "part [%d, %d) must be in [0, %d)".formatted(from, to, size()));
    }
    return new TokenDocuments(
        tokens,
        "%s, documents [%d, %d)".formatted(name, from, to),
        sha256,
        ends,
        this.from + from,
        this.from + to);
  }

  /**
   * Divides the documents, in their order, into a part to train on, one to validate on and the
   * rest, to test on. No document is cut.
   *
   * @param train share of the training part, in [0, 1]
   * @param valid share of the validation part, in [0, 1]; both together at most 1
   * @return views; the first two have their shares of the number of documents, rounded down
   */
  public DocumentSplits split(double train, double valid) {
    Shares shares = new Shares(train, valid);
    int trainEnd = (int) shares.train(size());
    int validEnd = trainEnd + (int) shares.valid(size());
    return new DocumentSplits(part(0, trainEnd), part(trainEnd, validEnd), part(validEnd, size()));
  }

  /**
   * Joins the documents to one stream, a copy in memory, with a separator after each.
   *
   * @param separator a real token, such as the end of text
   * @throws DataException if there is no document
   */
  public TokenSequence joined(int separator) {
    TokenSequenceBuilder stream = TokenSequence.builder(vocabulary(), name);
    for (int document = 0; document < size(); document++) {
      TokenSequence part = document(document);
      for (long index = 0; index < part.length(); index++) {
        stream.append(part.token(index));
      }
      stream.append(separator);
    }
    TokenSequence joined = stream.build();
    return tokens.tokenizer().map(joined::withTokenizer).orElse(joined);
  }

  /**
   * Cuts every document into consecutive chunks of N tokens that do not overlap, document by
   * document. No row crosses from one document into the next: what is left at the end of each, and
   * so every document shorter than N, is dropped.
   *
   * @param length N, at least 1
   * @throws DataException if no document is that long
   */
  public RowSource chunks(int length) {
    return DocumentRows.of(this, length, length, "chunks");
  }

  /**
   * Cuts every window of N consecutive tokens, overlapping, from every document. No window crosses
   * from one document into the next; documents shorter than N are dropped.
   *
   * @param length N, at least 1
   * @throws DataException if no document is that long
   */
  public RowSource windows(int length) {
    return DocumentRows.of(this, length, 1, "windows");
  }

  /** Where a document begins, by its number in the whole. */
  private long begin(int document) {
    return document == 0 ? 0 : ends[document - 1];
  }

  /** The lengths of the documents. */
  long[] lengths() {
    long[] lengths = new long[size()];
    Arrays.setAll(lengths, document -> ends[from + document] - begin(from + document));
    return lengths;
  }

  /** The sequence that the documents lie in. */
  TokenSequence tokens() {
    return tokens;
  }

  @Override
  public String toString() {
    return "TokenDocuments[%s, %d documents, V=%d]".formatted(name, size(), vocabulary().size());
  }
}

package org.md4j.data;

import java.util.Arrays;
import java.util.Optional;
import org.md4j.core.Checks;
import org.md4j.core.RowSource;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

/** Rows cut from documents, one every {@code stride} tokens of each; none crosses an end. */
final class DocumentRows implements RowSource {
  private final TokenDocuments documents;
  private final int length;
  private final int stride;
  private final String kind;

  /** Rows of the documents up to and including each. */
  private final long[] rows;

  private DocumentRows(TokenDocuments documents, int length, int stride, String kind, long[] rows) {
    this.documents = documents;
    this.length = length;
    this.stride = stride;
    this.kind = kind;
    this.rows = rows;
  }

  static DocumentRows of(TokenDocuments documents, int length, int stride, String kind) {
    Checks.atLeastOne("length", length);
    long[] rows = documents.lengths();
    long longest = Arrays.stream(rows).max().orElse(0);
    if (longest < length) {
      throw new DataException(
          "%s must hold at least one document of length %d, the longest of %d has %d tokens: use longer documents, a shorter length, or join them"
              .formatted(documents.name(), length, documents.size(), longest));
    }
    long sum = 0;
    for (int document = 0; document < rows.length; document++) {
      sum += rows[document] < length ? 0 : (rows[document] - length) / stride + 1;
      rows[document] = sum;
    }
    return new DocumentRows(documents, length, stride, kind, rows);
  }

  @Override
  public Vocabulary vocabulary() {
    return documents.vocabulary();
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public long size() {
    return rows[rows.length - 1];
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    int document = documentOf(index);
    long first = document == 0 ? 0 : rows[document - 1];
    documents.document(document).copy((index - first) * stride, into);
  }

  /** The first document whose rows, with those before it, are more than an index. */
  private int documentOf(long index) {
    int low = 0;
    int high = rows.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows[middle] > index) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public String name() {
    return "%s, %s of %d within documents".formatted(documents.name(), kind, length);
  }

  @Override
  public String sha256() {
    return documents.sha256();
  }

  @Override
  public Optional<TokenizerIdentity> tokenizer() {
    return documents.tokens().tokenizer();
  }
}

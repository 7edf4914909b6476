package org.md4j.data.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.data.DataException;
import org.md4j.data.ShardSettings;
import org.md4j.data.TokenShards;
import org.md4j.data.TokenShardsWriter;
import org.md4j.data.Tokenizer;
import org.md4j.file.FailureText;

/**
 * Makes {@link TokenShards} of a {@link Corpus}: documents are encoded, by all cores, and written
 * in their order with an end of text after each.
 *
 * <p>Memory stays the same however large the corpus is. A preparation that was stopped goes on
 * behind the last whole shard when it is asked for again; the shards come out the same, byte for
 * byte, as those of one that was not, and whatever the number of cores.
 *
 * <p>Deviation: the reference code (b9fbf29) takes 2 % of the rows of N tokens, of every 10,000
 * documents, to validate on, so that rows of one document fall into both parts; here whole
 * documents are taken.
 */
public final class CorpusPreparation {
  /** Characters that are encoded together, by all cores. */
  private static final int TOGETHER = 1 << 22;

  private final Corpus corpus;
  private final Tokenizer tokenizer;
  private final Builder settings;

  private CorpusPreparation(Builder settings) {
    this.corpus = settings.corpus;
    this.tokenizer = settings.tokenizer;
    this.settings = settings;
  }

  /**
   * A builder of a preparation.
   *
   * @param tokenizer one with an {@link Tokenizer#endOfText}
   */
  public static Builder builder(Corpus corpus, Tokenizer tokenizer) {
    return new Builder(corpus, tokenizer);
  }

  /** Is told how far a preparation has come, by the thread that called {@link #write}. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Some more documents are written.
     *
     * @param documents so far, those of an earlier preparation that goes on among them
     * @param position bytes read so far, of {@link Corpus#size}
     */
    void progress(long documents, long position);
  }

  /**
   * Encodes and writes all documents.
   *
   * @param folder that is new, empty, or holds shards of a preparation of the same settings
   * @throws DataException if a document cannot be used, or the folder
   */
  public TokenShards write(Path folder) {
    int endOfText =
        tokenizer
            .endOfText()
            .orElseThrow(
                () ->
                    new DataException(
                        "tokenizer (%s) must have a token for the end of a text, such as <|endoftext|>, and has none"
                            .formatted(tokenizer.identity().name())));
    ShardSettings shards =
        new ShardSettings(
            corpus.name(),
            corpus.sha256(),
            tokenizer.vocabulary(),
            tokenizer.identity(),
            endOfText,
            settings.validShare,
            settings.seed,
            settings.passagesPerShard);
    try (TokenShardsWriter writer = TokenShardsWriter.open(folder, shards)) {
      if (writer.isComplete()) {
        return TokenShards.open(folder);
      }
      try (PassageReader passages = corpus.open()) {
        skip(passages, writer.passages());
        write(passages, writer);
      } catch (IOException e) {
        throw new DataException(
            "%s cannot be read to its end: %s".formatted(corpus.name(), FailureText.reason(e)), e);
      }
      return writer.finish();
    }
  }

  private void skip(PassageReader passages, long count) throws IOException {
    for (long passage = 0; passage < count; passage++) {
      if (passages.next() == null) {
        throw new DataException(
            "%s must have the passages that are in the shards already, %d, got %d: was it changed?"
                .formatted(corpus.name(), count, passage));
      }
    }
  }

  private void write(PassageReader passages, TokenShardsWriter writer) throws IOException {
    List<Passage> together = new ArrayList<>();
    long characters = 0;
    for (@Nullable Passage passage = passages.next(); passage != null; passage = passages.next()) {
      together.add(passage);
      characters += passage.text().length() + 1;
      if (characters >= TOGETHER) {
        write(together, writer, passages.position());
        together.clear();
        characters = 0;
      }
    }
    write(together, writer, passages.position());
  }

  private void write(List<Passage> together, TokenShardsWriter writer, long position) {
    List<int[]> encoded =
        together.parallelStream().map(passage -> tokenizer.encode(passage.text())).toList();
    for (int i = 0; i < encoded.size(); i++) {
      writer.append(encoded.get(i), together.get(i).endsDocument());
    }
    settings.listener.progress(writer.documents(), position);
  }

  /** Sets what is prepared and how, by name. */
  public static final class Builder {
    private final Corpus corpus;
    private final Tokenizer tokenizer;
    private double validShare = 0.02;
    private long seed;
    private int passagesPerShard = 8_192;
    private Listener listener = (documents, position) -> {};

    private Builder(Corpus corpus, Tokenizer tokenizer) {
      this.corpus = corpus;
      this.tokenizer = tokenizer;
    }

    /** Sets the chance of a document to be validated on; by default 0.02. */
    public Builder validShare(double validShare) {
      this.validShare = validShare;
      return this;
    }

    /** Sets what decides which documents are validated on; by default 0. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets the passages of a shard, so how much is done again after a stop; by default 8,192. */
    public Builder passagesPerShard(int passagesPerShard) {
      this.passagesPerShard = passagesPerShard;
      return this;
    }

    /** Sets who is told of the progress; by default nobody. */
    public Builder listener(Listener listener) {
      this.listener = listener;
      return this;
    }

    /** Builds the preparation; {@link CorpusPreparation#write} checks the settings. */
    public CorpusPreparation build() {
      return new CorpusPreparation(this);
    }
  }
}

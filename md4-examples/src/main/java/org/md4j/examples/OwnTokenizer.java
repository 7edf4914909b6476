package org.md4j.examples;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;

/**
 * Reads and writes texts over an alphabet of your own.
 *
 * <p>You learn what it owes: ids from 0, a blank for the mask, errors with a position, an identity.
 * {@code TextFile.read(file, tokenizer)} and {@code CheckpointTypes.withTokenizer} take it.
 *
 * <p>{@code mvn -q compile exec:java -pl md4-examples -Dexample=OwnTokenizer}
 *
 * @param alphabet its symbols, each once, without {@code _}
 */
public record OwnTokenizer(String alphabet) implements Tokenizer {
  /** Writes a word in numbers. */
  public static void main(String[] args) {
    int[] tokens = new OwnTokenizer("ACGT").encode("GATTACA");
    System.out.println(Arrays.toString(tokens));
  }

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(alphabet.length());
  }

  @Override
  public TokenizerIdentity identity() {
    return new TokenizerIdentity("letters of my own", Sha256.of(alphabet));
  }

  @Override
  public int[] encode(String text) {
    int[] tokens = text.chars().map(alphabet::indexOf).toArray();
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0) {
        throw new DataException("'%c' at position %d is unknown".formatted(text.charAt(i), i));
      }
    }
    return tokens;
  }

  @Override
  public String decode(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(this::symbol).collect(Collectors.joining());
  }

  private String symbol(int token) {
    if (token < 0 || token > alphabet.length()) {
      throw new IllegalArgumentException("token (" + token + ") must be that of a symbol");
    }
    return token == alphabet.length() ? blank() : alphabet.substring(token, token + 1);
  }
}

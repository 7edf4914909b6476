package org.md4j.data.text;

import org.md4j.data.TokenSequence;

/**
 * The three parts of a text: the first 90 % to train on, the next 5 % to validate, the last 5 % to
 * test. For text8's 100 million characters these are its usual 90M, 5M and 5M.
 *
 * @param train what a network learns from
 * @param valid what decisions are made on
 * @param test what is reported
 */
public record TextSplits(TokenSequence train, TokenSequence valid, TokenSequence test) {
  /** Divides a text; each part's length is rounded down, the rest goes to the test part. */
  public static TextSplits of(TokenSequence all) {
    long twentieth = all.length() / 20;
    long trainEnd = all.length() * 9 / 10;
    return new TextSplits(
        all.part(0, trainEnd),
        all.part(trainEnd, trainEnd + twentieth),
        all.part(trainEnd + twentieth, all.length()));
  }
}

package org.md4j.data;

/**
 * The three parts of a {@link TokenSequence}, as {@link TokenSequence#split} divides it.
 *
 * @param train what a network learns from
 * @param valid what decisions are made on
 * @param test what is reported
 */
public record TokenSplits(TokenSequence train, TokenSequence valid, TokenSequence test) {}

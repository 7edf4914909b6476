package org.md4j.data;

/**
 * The three parts of {@link TokenDocuments}, as {@link TokenDocuments#split} divides them.
 *
 * @param train what a network learns from
 * @param valid what decisions are made on
 * @param test what is reported
 */
public record DocumentSplits(TokenDocuments train, TokenDocuments valid, TokenDocuments test) {}

package org.md4j.cli.run;

import java.util.Locale;

/** A kind of data that runs learn, and the words it is spoken of with. */
public enum RunKind {
  /** Characters in rows. */
  TEXT("character", "row", "bits/char", "bits a character"),
  /** Words and parts of words in rows. */
  WORDS("token", "row", "bits/token", "bits a token"),
  /** Colours of pixels, the dimensions of a picture. */
  IMAGE("dimension", "picture", "bits/dim", "bits per dimension");

  private final String token;
  private final String row;
  private final String shortUnit;
  private final String unit;

  RunKind(String token, String row, String shortUnit, String unit) {
    this.token = token;
    this.row = row;
    this.shortUnit = shortUnit;
    this.unit = unit;
  }

  /** Whether it is text, in characters or in words. */
  public boolean isText() {
    return this != IMAGE;
  }

  /** What a token is. */
  public String token() {
    return token;
  }

  /** What a token is, many of them. */
  public String tokens() {
    return token + "s";
  }

  /** What an example is, many of them. */
  public String rows() {
    return row + "s";
  }

  /** The unit of a likelihood, where there is little room. */
  public String shortUnit() {
    return shortUnit;
  }

  /** The unit of a likelihood. */
  public String unit() {
    return unit;
  }

  /** The likelihood's name in JSON. */
  public String bitsField() {
    return "bits_per_" + token;
  }

  /** As it is typed and written. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

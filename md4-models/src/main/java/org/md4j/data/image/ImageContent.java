package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a file of an image is, told by its first bytes, whatever its name says. */
enum ImageContent {
  /** Read here. */
  JPEG("a JPEG", "\u00ff\u00d8.*"),

  /** Read here. */
  PNG("a PNG", "\u0089PNG.*"),

  GIF("a GIF", "GIF8.*"),
  WEBP("a WebP", "RIFF....WEBP.*"),
  BMP("a BMP", "BM.{24}.*"),
  TIFF("a TIFF", "(II\\*\0|MM\0\\*).*"),
  AVIF("an AVIF", "....ftyp(avif|avis).*"),
  HEIC("a HEIC", "....ftyp(heic|heix|hevc|mif1|msf1).*"),
  JPEG_XL("a JPEG XL", "(\u00ff\n|\0\0\0\u000cJXL ).*"),
  JPEG_2000("a JPEG 2000", "\0\0\0\u000cjP  .*"),
  SVG("an SVG drawing", "\\s*(<\\?xml.*)?<svg.*"),
  HTML("a web page, as a failed download leaves", "(?i)\\s*(<!doctype html|<html).*"),
  EMPTY("empty", ""),
  OTHER("neither JPEG nor PNG", ".*");

  private static final int MOST_BYTES = 256;

  private final String description;
  private final Pattern beginning;

  ImageContent(String description, String beginning) {
    this.description = description;
    this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
  }

  /** Tells what a file is. */
  static ImageContent of(byte[] file) {
    String first = new String(file, 0, Math.min(file.length, MOST_BYTES), ISO_8859_1);
    return Arrays.stream(values())
        .filter(content -> content.beginning.matcher(first).matches())
        .findFirst()
        .orElse(OTHER);
  }

  /** The name by which the Java platform knows its reader. */
  String readerName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Says why it is not read. */
  String refusal() {
    return switch (this) {
      case EMPTY, OTHER -> "it is " + description;
      default -> "it is " + description + ", not a JPEG or PNG";
    };
  }
}

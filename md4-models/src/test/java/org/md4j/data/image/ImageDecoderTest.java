package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  /** What JPEG of an even colour at the usual quality may be off by. */
  private static final int JPEG_ERROR = 3;

  private static final int[] COLOUR = {0xC8, 0x64, 0x32};

  @Test
  void pngIsTheSameToTheBit() throws IOException {
    assertThat(decoded(TestImages.png(3, 5, 7))).isEqualTo(TestImages.tokens(3, 5, 7));
  }

  @Test
  void greyBecomesThreeEqualColoursOfTheStoredValue() throws IOException {
    BufferedImage grey = new BufferedImage(16, 8, BufferedImage.TYPE_BYTE_GRAY);
    fill(grey.getRaster(), 77);

    assertThat(decoded(TestImages.encoded(grey, "png"))).hasSize(16 * 8 * 3).containsOnly(77);
    // An even block has only a constant term, which JPEG keeps.
    assertThat(decoded(TestImages.encoded(grey, "jpeg"))).hasSize(16 * 8 * 3).containsOnly(77);
  }

  @Test
  void sixteenBitsBecomeEightRoundedToTheNearest() throws IOException {
    BufferedImage grey = new BufferedImage(5, 1, BufferedImage.TYPE_USHORT_GRAY);
    int[] values = {0, 128, 129, 0x8000, 0xFFFF};
    grey.getRaster().setPixels(0, 0, 5, 1, values);

    // 128 / 257 = 0.498, 129 / 257 = 0.502, 0x8000 / 257 = 127.502
    assertThat(decoded(TestImages.encoded(grey, "png")))
        .containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 128, 128, 128, 255, 255, 255);

    BufferedImage colours =
        new BufferedImage(
            new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB),
                false,
                false,
                Transparency.OPAQUE,
                DataBuffer.TYPE_USHORT),
            Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, 1, 1, 3, null),
            false,
            null);
    colours.getRaster().setPixel(0, 0, new int[] {10 * 257, 20 * 257, 30 * 257});
    assertThat(decoded(TestImages.encoded(colours, "png"))).containsExactly(10, 20, 30);
  }

  @Test
  void transparencyIsLeftOutAndColoursUnderItKept() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00102030);
    image.setRGB(1, 0, 0x80405060);

    assertThat(decoded(TestImages.encoded(image, "png")))
        .containsExactly(0x10, 0x20, 0x30, 0x40, 0x50, 0x60);
  }

  @Test
  void palettesAreLookedUp() throws IOException {
    byte[] red = {1, (byte) 200};
    byte[] green = {2, (byte) 210};
    byte[] blue = {3, (byte) 220};
    BufferedImage image =
        new BufferedImage(
            2, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(1, 2, red, green, blue));
    image.getRaster().setPixels(0, 0, 2, 1, new int[] {1, 0});

    assertThat(decoded(TestImages.encoded(image, "png"))).containsExactly(200, 210, 220, 1, 2, 3);
  }

  @Test
  void jpegColoursAreNearlyThoseStored() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, 0xC86432);
    }
    int[] tokens = decoded(TestImages.encoded(image, "jpeg"));
    for (int n = 0; n < tokens.length; n++) {
      assertThat(tokens[n]).isBetween(COLOUR[n % 3] - JPEG_ERROR, COLOUR[n % 3] + JPEG_ERROR);
    }
  }

  @Test
  void jpegOfFourInksIsReadAsRedGreenAndBlue() throws IOException {
    WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int i = 0; i < 256; i++) {
      inks.setPixel(i % 16, i / 16, new int[] {255 - 100, 255 - 50, 255 - 20, 255 - 30});
    }
    int[] tokens = decoded(adobe(jpeg(inks)));

    assertThat(tokens).hasSize(16 * 16 * 3);
    int[] expected = {155 * 225 / 255, 205 * 225 / 255, 235 * 225 / 255};
    for (int n = 0; n < tokens.length; n++) {
      assertThat(tokens[n]).isBetween(expected[n % 3] - JPEG_ERROR, expected[n % 3] + JPEG_ERROR);
    }
  }

  @Test
  void aColourProfileChangesNothing() throws IOException {
    byte[] plain = TestImages.encoded(TestImages.image(1, 24, 16), "jpeg");
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes("ICC_PROFILE\0\1\1".getBytes(UTF_8));
    segment.writeBytes(profile);

    assertThat(decoded(with(plain, 0xE2, segment.toByteArray()))).isEqualTo(decoded(plain));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void cutOffFilesAreRefused(String format) {
    byte[] whole = TestImages.encoded(TestImages.image(1, 64, 64), format);
    for (int share = 1; share < 20; share++) {
      byte[] cut = Arrays.copyOf(whole, whole.length * share / 20);
      assertThatThrownBy(() -> ImageDecoder.decode(cut)).isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void noDamageIsMoreThanAnUnreadableImage(String format) {
    byte[] whole = TestImages.encoded(TestImages.image(1, 32, 32), format);
    for (int at = 0; at < Math.min(whole.length, 700); at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) 0xA5;
      try {
        assertThat(ImageDecoder.decode(damaged).rgb().length % 3).isZero();
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("\n");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void inStripsAnImageIsWhatItIsWhole(byte[] file) throws IOException {
    ImageGeometry geometry = ImageGeometry.centralCropAndResize(7);
    byte[] whole = geometry.apply(ImageDecoder.decode(file)).rgb();
    EncodedImage image = new EncodedImage(file);

    for (int rows : new int[] {1, 5, 8, 19}) {
      assertThat(ImageDecoder.decode(image, geometry, rows * 20L).rgb()).isEqualTo(whole);
    }
    assertThat(ImageDecoder.decode(image, geometry, 1).rgb()).isEqualTo(whole);
  }

  /** Images of 20 by 23 pixels, wide and tall, in all ways that Java writes PNG and JPEG. */
  static Stream<Arguments> ways() throws IOException {
    List<Arguments> ways = new ArrayList<>();
    Map<String, Integer> types =
        Map.of(
            "grey", BufferedImage.TYPE_BYTE_GRAY,
            "16 bits", BufferedImage.TYPE_USHORT_GRAY,
            "colours", BufferedImage.TYPE_INT_RGB,
            "opacity", BufferedImage.TYPE_INT_ARGB,
            "palette", BufferedImage.TYPE_BYTE_INDEXED,
            "bits", BufferedImage.TYPE_BYTE_BINARY);
    for (Map.Entry<String, Integer> type : types.entrySet()) {
      for (int width : new int[] {20, 23}) {
        BufferedImage image = new BufferedImage(width, 43 - width, type.getValue());
        for (int i = 0; i < 20 * 23; i++) {
          image.setRGB(i % width, i / width, 0xFF000000 | i * 0x030507);
        }
        for (boolean progressive : new boolean[] {false, true}) {
          String way = type.getKey() + (progressive ? ", progressive " : " ");
          ways.add(Arguments.of(Named.of(way + "PNG", written(image, "png", progressive))));
          if (type.getValue() == BufferedImage.TYPE_INT_RGB
              || type.getValue() == BufferedImage.TYPE_BYTE_GRAY) {
            ways.add(Arguments.of(Named.of(way + "JPEG", written(image, "jpeg", progressive))));
          }
        }
      }
    }
    return ways.stream();
  }

  private static byte[] written(BufferedImage image, String format, boolean progressive)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      writer.setOutput(out);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return file.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"png, 16", "jpeg, -1"})
  void aSizeThatTheFileCannotHoldIsRefusedBeforeMemoryIsTaken(String format, int at) {
    byte[] file = TestImages.encoded(TestImages.image(1, 8, 8), format);
    int place = at < 0 ? frame(file) : at;
    // PNG has four bytes of width, then of height; JPEG two of height, then of width.
    for (int i = 0; i < (at < 0 ? 4 : 8); i++) {
      file[place + i] = (byte) (at < 0 || i % 4 > 1 ? 0x3F : 0);
    }
    if (at >= 0) {
      CRC32 checksum = new CRC32();
      checksum.update(file, 12, 17);
      ByteBuffer.wrap(file).putInt(29, (int) checksum.getValue());
    }

    assertThatThrownBy(() -> new EncodedImage(file))
        .hasMessage(
            "it says it has 16191x16191 pixels, which %d bytes cannot hold".formatted(file.length));
  }

  /** Where the size is in a JPEG: five bytes behind the marker of its frame. */
  private static int frame(byte[] jpeg) {
    for (int i = 0; i < jpeg.length; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
        return i + 5;
      }
    }
    throw new AssertionError("it has no baseline frame");
  }

  @Test
  void whatIsNoImageIsSaid() {
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0])).hasMessage("it is empty");
    assertThatThrownBy(() -> ImageDecoder.decode("hello".getBytes(UTF_8)))
        .hasMessage("it is neither JPEG nor PNG");
  }

  @ParameterizedTest
  @CsvSource({
    "a GIF, GIF89a",
    "a WebP, RIFF0123WEBPVP8",
    "an AVIF, 0000ftypavif0000",
    "a HEIC, 0000ftypheic0000",
    "a TIFF, 'II*\0'",
    "a BMP, BM000000000000000000000000000000",
    "'a web page, as a failed download leaves', '\n<!DOCTYPE html><html>'",
    "an SVG drawing, '<?xml version=\"1.0\"?><svg>'"
  })
  void anImageOfAnotherKindIsNamed(String kind, String content) {
    assertThatThrownBy(() -> ImageDecoder.decode(content.getBytes(UTF_8)))
        .hasMessage("it is %s, not a JPEG or PNG", kind);
  }

  private static void fill(WritableRaster raster, int value) {
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        raster.setSample(x, y, 0, value);
      }
    }
  }

  /** Four bands as they are, by the writer of the platform. */
  private static byte[] jpeg(Raster bands) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    ImageWriter writer = writers.next();
    while (!writer.getClass().getName().startsWith("com.sun")) {
      writer = writers.next();
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(new IIOImage(bands, null, null));
    } finally {
      writer.dispose();
    }
    return file.toByteArray();
  }

  /** Says of a JPEG that its four bands are inks, each stored as 255 less itself. */
  private static byte[] adobe(byte[] jpeg) {
    return with(jpeg, 0xEE, "Adobe\0d\0\0\0\0\0".getBytes(UTF_8));
  }

  /** A JPEG with one more segment at its start. */
  private static byte[] with(byte[] jpeg, int marker, byte[] content) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(jpeg, 0, 2);
    file.write(0xFF);
    file.write(marker);
    file.write((content.length + 2) >> 8);
    file.write(content.length + 2);
    file.writeBytes(content);
    file.write(jpeg, 2, jpeg.length - 2);
    return file.toByteArray();
  }

  private static int[] decoded(byte[] file) throws IOException {
    byte[] rgb = ImageDecoder.decode(file).rgb();
    int[] tokens = new int[rgb.length];
    ImageTokens.widen(rgb, tokens);
    return tokens;
  }
}

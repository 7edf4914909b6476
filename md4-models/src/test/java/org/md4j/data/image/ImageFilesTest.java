package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;

class ImageFilesTest {
  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;
  private static final String LONG_NAME = "train/cat/" + "very_long_name_".repeat(12) + ".png";

  @TempDir private Path folder;

  /** Three images of two classes, in the order of their names, and what is no image. */
  private static Map<String, byte[]> twoClasses() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("train/cat/a.png", png(0));
    files.put(LONG_NAME, png(1));
    files.put("train/dog/images/c.PNG", png(2));
    files.put("train/dog/.hidden.png", "no image".getBytes(UTF_8));
    files.put("train/dog/dog_boxes.txt", "c.PNG 0 0 3 3".getBytes(UTF_8));
    return files;
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "set.tar", "set.tar.gz", "set.tgz"})
  void readsImagesAndTheirClassesFromEveryContainer(String container) throws IOException {
    try (ImageFiles source = open(container, twoClasses())) {
      assertThat(source.shape()).isEqualTo(new ImageShape(HEIGHT, WIDTH, 3));
      assertThat(source.length()).isEqualTo(HEIGHT * WIDTH * 3);
      assertThat(source.size()).isEqualTo(3);
      assertThat(source.classNames()).containsExactly("cat", "dog");
      for (int i = 0; i < 3; i++) {
        assertThat(TestImages.row(source, i)).isEqualTo(TestImages.tokens(i, HEIGHT, WIDTH));
        assertThat(source.label(i)).isEqualTo(i / 2);
      }
      assertThat(source.imageName(1)).endsWith(LONG_NAME.substring("train/".length()));
      assertThat(source.unreadable()).isEmpty();
    }
  }

  @Test
  void anArchiveIsKnownByTheHashOfItsUnpackedBytes() throws IOException {
    Path tar = container("set.tar", twoClasses());
    String expected = Sha256.of(Files.readAllBytes(tar));

    try (ImageFiles plain = ImageFiles.open(tar, ImageGeometry.asStored());
        ImageFiles packed = open("set.tar.gz", twoClasses())) {
      assertThat(plain.sha256()).isEqualTo(expected);
      assertThat(packed.sha256()).isEqualTo(expected);
    }
  }

  @Test
  void aFolderIsKnownByTheLinesOfSha256sum() throws IOException {
    Path set = container("folder", Map.of("b.png", png(1), "a.png", png(0)));
    String lines = Sha256.of(png(0)) + "  a.png\n" + Sha256.of(png(1)) + "  b.png\n";

    try (ImageFiles source = ImageFiles.open(set, ImageGeometry.asStored())) {
      assertThat(source.sha256()).isEqualTo(Sha256.of(lines.getBytes(UTF_8)));
    }
  }

  @Test
  void imagesSideBySideHaveNoClasses() throws IOException {
    try (ImageFiles source = open("set.tar", Map.of("all/b.png", png(1), "all/a.png", png(0)))) {
      assertThat(source.classes()).isZero();
      assertThatThrownBy(() -> source.label(0)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void takesTinyImageNetsAnnotations() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("val/images/val_0.png", png(0));
    files.put("val/images/val_1.png", png(1));
    files.put(
        "val/val_annotations.txt", "val_0.png\tn02\t0\t1\nval_1.png\tn01\t0\t1\n".getBytes(UTF_8));

    try (ImageFiles source = open("set.tar", files)) {
      assertThat(source.classNames()).containsExactly("n01", "n02");
      assertThat(source.label(0)).isEqualTo(1);
      assertThat(source.label(1)).isZero();
    }
  }

  @Test
  void takesATableOfLabels() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("./a.png", png(0));
    files.put("./b.png", png(1));
    files.put(
        "./labels.tsv", "file\tclass\tname\nb.png\t0\tcrane\na.png\t2\ttench\n".getBytes(UTF_8));

    try (ImageFiles source = open("set.tar", files)) {
      assertThat(source.classNames()).containsExactly("crane", "1", "tench");
      assertThat(IntStream.range(0, 2).map(source::label)).containsExactly(2, 0);
    }
  }

  @Test
  void imageWithoutALineInTheTableIsNamed() {
    Map<String, byte[]> files =
        Map.of("a.png", png(0), "labels.tsv", "file\tclass\nb.png\t0\n".getBytes(UTF_8));

    assertThatThrownBy(() -> open("set.tar", files))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("labels.tsv must have a line for every image, got none for a.png");
  }

  @Test
  void unreadableImagesAreNamedAndLeftOut() throws IOException {
    Map<String, byte[]> files = new TreeMap<>(twoClasses());
    files.put("train/cat/b.png", Arrays.copyOf(png(5), png(5).length / 2));
    files.put("train/cat/empty.jpg", new byte[0]);
    files.put("train/cat/text.jpeg", "<html>".getBytes(UTF_8));

    try (ImageFiles source = open("set.tar", files)) {
      assertThat(source.unreadable())
          .extracting(UnreadableImage::name)
          .containsExactly("train/cat/b.png", "train/cat/empty.jpg", "train/cat/text.jpeg");
      assertThat(source.size()).isEqualTo(3);
      assertThat(TestImages.row(source, 1)).isEqualTo(TestImages.tokens(1, HEIGHT, WIDTH));
      assertThat(source.label(2)).isEqualTo(1);
    }
    assertThatThrownBy(
            () -> ImageFiles.open(container("again.tar", files), ImageGeometry.asStored(), 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "again.tar: more than 2 images cannot be read; the first is train/cat/b.png");
  }

  @Test
  void theFirstImageOfAnotherSizeIsNamed() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("a.png", png(0));
    files.put("b.png", TestImages.png(1, 5, WIDTH));

    assertThatThrownBy(() -> open("folder", files))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("every image must be 4x6, as a.png is, got 5x6 in b.png");
    assertThatThrownBy(
            () -> ImageFiles.open(container("t.tar", files), ImageGeometry.exactly(5, 6)))
        .hasMessageContaining("every image must be 5x6, got 4x6 in a.png");
  }

  @Test
  void cropsAndResizesEveryImageToOneSize() throws IOException {
    Path tar = container("t.tar", Map.of("a.png", png(0), "b.png", TestImages.png(1, 9, 5)));

    try (ImageFiles source = ImageFiles.open(tar, ImageGeometry.centralCropAndResize(2))) {
      assertThat(source.shape()).isEqualTo(new ImageShape(2, 2, 3));
      assertThat(TestImages.row(source, 1)).hasSize(12);
    }
  }

  @Test
  void whatIsNoSetOfImagesIsSaid() throws IOException {
    Path text = Files.writeString(folder.resolve("some.tar"), "this is text ".repeat(100));
    Path tar = container("whole.tar", twoClasses());
    Path cut = folder.resolve("cut.tar");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(tar), 700));

    for (Path bad : List.of(text, cut, folder.resolve("absent.tar"))) {
      assertThatThrownBy(() -> ImageFiles.open(bad, ImageGeometry.asStored()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(bad.getFileName().toString());
    }
    assertThatThrownBy(() -> open("folder", Map.of(".hidden", new byte[1])))
        .hasMessageEndingWith("must hold images (.png, .jpg, .jpeg, .jfif, .jpe), got none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "set.tar"})
  void filesLeftAsideAreCountedByTheirEndings(String container) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      files.put("in/b%d.WebP".formatted(i), new byte[1]);
    }
    files.put("in/README", new byte[1]);
    files.put("in/.hidden", new byte[1]);

    assertThatThrownBy(() -> open(container, files))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("got none, but 3 .webp, 1 without ending");
  }

  @Test
  void jpegsOfRareEndingsAreRead() throws IOException {
    byte[] image = png(0); // What it is, its first bytes say.
    try (ImageFiles source =
        open("folder", Map.of("a.jfif", image, "b.JPE", image, "c.gif", image))) {
      assertThat(source.size()).isEqualTo(2);
    }
  }

  @Test
  void linksInAnArchiveHaveTheBytesOfWhatTheyLeadTo() throws IOException {
    Path file = folder.resolve("links.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      link(tar, "set/b/before.png", TarConstants.LF_LINK, "set/a/0.png");
      link(tar, "set/b/chain.png", TarConstants.LF_SYMLINK, "./../b/soft.png");
      put(tar, "set/a/0.png", png(0));
      put(tar, "blobs/1f", png(1));
      link(tar, "set/b/soft.png", TarConstants.LF_SYMLINK, "../../blobs/1f");
      link(tar, "set/b/out.png", TarConstants.LF_SYMLINK, "../../../else/0.png");
      link(tar, "set/b/self.png", TarConstants.LF_SYMLINK, "self.png");
      link(tar, "set/b/gone.png", TarConstants.LF_LINK, "set/a/9.png");
    }

    try (ImageFiles source = ImageFiles.open(file, ImageGeometry.asStored())) {
      assertThat(source.size()).isEqualTo(4);
      int[] expected = {0, 1, 0, 1}; // before, chain, 0, soft
      for (int i = 0; i < expected.length; i++) {
        assertThat(TestImages.row(source, i))
            .isEqualTo(TestImages.tokens(expected[i], HEIGHT, WIDTH));
      }
      assertThat(source.unreadable())
          .extracting(UnreadableImage::toString)
          .satisfiesExactly(
              out ->
                  assertThat(out).contains("a link to ../else/0.png, which the archive does not"),
              self -> assertThat(self).contains("it is a link to set/b/self.png"),
              gone -> assertThat(gone).contains("it is a link to set/a/9.png"));
    }
  }

  /** What a folder of the same links holds, as tar packs it. */
  @Test
  void aLinkToAFolderStandsForItsImages() throws IOException {
    Path set = Files.createDirectories(folder.resolve("set/all/cats")).resolve("../..");
    Files.write(set.resolve("all/cats/0.png"), png(0));
    Files.write(set.resolve("all/cats/1.png"), png(1));
    Files.createDirectories(set.resolve("part"));
    Files.createSymbolicLink(set.resolve("part/cats"), Path.of("../all/cats"));
    Files.createSymbolicLink(set.resolve("all/cats/one.png"), Path.of("1.png"));
    Files.createSymbolicLink(set.resolve("part/nowhere"), Path.of("../gone"));
    Path file = folder.resolve("set.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      link(tar, "part/cats", TarConstants.LF_SYMLINK, "../all/cats");
      link(tar, "part/nowhere", TarConstants.LF_SYMLINK, "../gone");
      put(tar, "all/cats/0.png", png(0));
      put(tar, "all/cats/1.png", png(1));
      link(tar, "all/cats/one.png", TarConstants.LF_SYMLINK, "1.png");
    }

    try (ImageFiles expected = ImageFiles.open(set, ImageGeometry.asStored());
        ImageFiles actual = ImageFiles.open(file, ImageGeometry.asStored())) {
      assertThat(expected.size()).isEqualTo(6);
      assertThat(byName(actual)).isEqualTo(byName(expected));
    }
  }

  private static Map<String, List<Integer>> byName(ImageFiles images) {
    Map<String, List<Integer>> byName = new TreeMap<>();
    for (int i = 0; i < images.size(); i++) {
      byName.put(images.imageName(i), Arrays.stream(TestImages.row(images, i)).boxed().toList());
    }
    return byName;
  }

  private static void link(TarArchiveOutputStream tar, String path, byte kind, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path, kind);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static void put(TarArchiveOutputStream tar, String path, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static byte[] png(int seed) {
    return TestImages.png(seed, HEIGHT, WIDTH);
  }

  private ImageFiles open(String container, Map<String, byte[]> files) throws IOException {
    return ImageFiles.open(container(container, files), ImageGeometry.asStored());
  }

  private Path container(String name, Map<String, byte[]> files) throws IOException {
    Path path = folder.resolve(name);
    if (name.equals("folder")) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path at = path.resolve(file.getKey());
        Files.createDirectories(at.getParent());
        Files.write(at, file.getValue());
      }
      return path;
    }
    try (OutputStream plain = Files.newOutputStream(path);
        OutputStream packed =
            name.endsWith("gz") ? new GZIPOutputStream(plain) : new BufferedOutputStream(plain);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      // Both ways of long names are in use; which one is read is no business of the reader's.
      tar.setLongFileMode(
          name.equals("set.tgz")
              ? TarArchiveOutputStream.LONGFILE_GNU
              : TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        entry.setModTime(FileTime.fromMillis(0)); // equal files make equal archives at any time
        tar.putArchiveEntry(entry);
        new ByteArrayInputStream(file.getValue()).transferTo(tar);
        tar.closeArchiveEntry();
      }
    }
    return path;
  }
}

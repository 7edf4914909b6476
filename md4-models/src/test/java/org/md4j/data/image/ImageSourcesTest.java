package org.md4j.data.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.contract.RowSourceContract;
import org.md4j.core.RowSource;

/** Every source of images keeps to the contract of rows. */
class ImageSourcesTest {
  private static final int COUNT = 60;

  @TempDir private Path folder;

  @Nested
  class ImagesInRecords extends RowSourceContract {
    @Override
    protected RowSource source() {
      return records(true);
    }
  }

  @Nested
  class ImagesWithoutClasses extends RowSourceContract {
    @Override
    protected RowSource source() {
      return records(false);
    }
  }

  @Nested
  class ImagesInFiles extends RowSourceContract {
    @Override
    protected RowSource source() {
      return files();
    }
  }

  @Nested
  class Resized extends RowSourceContract {
    @Override
    protected RowSource source() {
      return ResizedImages.of(records(true), ImageGeometry.centralCropAndResize(2));
    }
  }

  @Nested
  class Subset extends RowSourceContract {
    @Override
    protected RowSource source() {
      return records(true).subset("some", 7, 59, 0, 7);
    }
  }

  @Nested
  class TrainingPart extends RowSourceContract {
    @Override
    protected RowSource source() {
      return ImageSplits.ofCount(records(true), 20).train();
    }
  }

  @Nested
  class ReadAhead extends RowSourceContract {
    @Override
    protected RowSource source() {
      return PrefetchingImages.of(files(), 5, 2);
    }
  }

  private ImageSource records(boolean labelled) {
    ByteBuffer images = ByteBuffer.allocate(16 + COUNT * 12);
    images.putInt(0x803).putInt(COUNT).putInt(3).putInt(4);
    ByteBuffer labels = ByteBuffer.allocate(8 + COUNT);
    labels.putInt(0x801).putInt(COUNT);
    for (int i = 0; i < COUNT; i++) {
      for (int n = 0; n < 12; n++) {
        images.put((byte) (31 * i + 17 * n));
      }
      labels.put((byte) (i % 3));
    }
    try {
      return labelled
          ? IdxImages.read(
              "records", List.of("a", "b", "c"), gz(images.array()), gz(labels.array()))
          : IdxImages.read(Files.write(folder.resolve("records"), images.array()), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ImageSource files() {
    try {
      for (int i = 0; i < 6; i++) {
        Path named = Files.createDirectories(folder.resolve(i % 2 == 0 ? "even" : "odd"));
        Files.write(named.resolve(i + ".png"), TestImages.png(i, 3, 4));
      }
      return ImageFiles.open(folder, ImageGeometry.asStored());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteArrayInputStream gz(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return new ByteArrayInputStream(packed.toByteArray());
  }
}

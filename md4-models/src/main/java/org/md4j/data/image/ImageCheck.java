package org.md4j.data.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;
import org.md4j.file.OneLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes every image of a set once, on all cores, and finds what cannot be used. */
final class ImageCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ImageCheck.class);

  /** Images that are checked before their results are put together, in order. */
  private static final int GROUP = 1024;

  private static final long PROGRESS_NANOS = 10_000_000_000L;

  private final ImageListing files;
  private final ImageGeometry geometry;
  private final int limit;
  private final List<UnreadableImage> unreadable = new ArrayList<>();
  private final Sha256 hash = new Sha256();
  private int[] readable = new int[0];
  private int readableCount;
  private @Nullable Outcome first;

  private ImageCheck(ImageListing files, ImageGeometry geometry, int limit) {
    this.files = files;
    this.geometry = geometry;
    this.limit = limit;
  }

  /**
   * What was found.
   *
   * @param shape of every image
   * @param readable the files that can be read, in order
   * @param unreadable the others
   * @param sha256 of the archive or of all files
   */
  record Result(ImageShape shape, int[] readable, List<UnreadableImage> unreadable, String sha256) {
    int size() {
      return readable.length;
    }

    int file(int index) {
      return readable[index];
    }
  }

  /** One image: its size, or why it has none. */
  private record Outcome(
      int file, int height, int width, @Nullable String sha256, @Nullable String failure) {}

  static Result run(ImageListing files, ImageGeometry geometry, int limit) {
    return new ImageCheck(files, geometry, limit).run();
  }

  private Result run() {
    int count = files.names().size();
    readable = new int[count];
    long told = System.nanoTime();
    for (int from = 0; from < count; from += GROUP) {
      IntStream.range(from, Math.min(from + GROUP, count))
          .parallel()
          .mapToObj(this::check)
          .toList()
          .forEach(this::add);
      if (System.nanoTime() - told > PROGRESS_NANOS) {
        told = System.nanoTime();
        LOG.info("{}: checked {} of {} images", files.name(), from + GROUP, count);
      }
    }
    if (first == null) {
      throw new DataException(
          "%s: none of %d images can be read; %s"
              .formatted(files.name(), count, firstUnreadable()));
    }
    if (!unreadable.isEmpty()) {
      LOG.warn(
          "{}: {} of {} images cannot be read and are left out",
          files.name(),
          unreadable.size(),
          count);
    }
    int height = geometry.height() == 0 ? first.height() : geometry.height();
    int width = geometry.width() == 0 ? first.width() : geometry.width();
    String archive = files.sha256();
    return new Result(
        new ImageShape(height, width, Pixels.COLOURS),
        Arrays.copyOf(readable, readableCount),
        List.copyOf(unreadable),
        archive == null ? hash.hex() : archive);
  }

  private Outcome check(int file) {
    String sha256 = null;
    try {
      byte[] content = files.read(file);
      if (files.sha256() == null) {
        sha256 = Sha256.of(content);
      }
      EncodedImage image = ImageDecoder.check(content, geometry);
      return new Outcome(file, image.height(), image.width(), sha256, null);
    } catch (IOException e) {
      return new Outcome(file, 0, 0, sha256, FailureText.reason(e));
    } catch (OutOfMemoryError e) {
      return new Outcome(file, 0, 0, sha256, "its bytes need more than the Java heap has free");
    }
  }

  private void add(Outcome outcome) {
    String name = files.names().get(outcome.file());
    if (outcome.sha256() != null) {
      hash.addFile(name, outcome.sha256());
    }
    if (outcome.failure() != null) {
      unreadable.add(new UnreadableImage(name, outcome.failure()));
      LOG.warn(
          "{}: {} cannot be read: {}",
          files.name(),
          OneLine.of(name),
          OneLine.of(outcome.failure()));
      if (unreadable.size() > limit) {
        throw new DataException(
            "%s: more than %d images cannot be read; %s"
                .formatted(files.name(), limit, firstUnreadable()));
      }
      return;
    }
    if (first == null) {
      first = outcome;
    }
    checkSize(outcome, name, first);
    readable[readableCount++] = outcome.file();
  }

  private void checkSize(Outcome outcome, String name, Outcome reference) {
    if (geometry.resizes()) {
      return;
    }
    boolean given = geometry.height() > 0;
    int height = given ? geometry.height() : reference.height();
    int width = given ? geometry.width() : reference.width();
    if (outcome.height() != height || outcome.width() != width) {
      throw new DataException(
          "%s: every image must be %dx%d%s, got %dx%d in %s: crop and resize them to one size"
              .formatted(
                  files.name(),
                  height,
                  width,
                  given ? "" : ", as " + files.names().get(reference.file()) + " is",
                  outcome.height(),
                  outcome.width(),
                  name));
    }
  }

  private String firstUnreadable() {
    UnreadableImage one = unreadable.get(0);
    return "the first is %s: %s".formatted(one.name(), one.reason());
  }
}

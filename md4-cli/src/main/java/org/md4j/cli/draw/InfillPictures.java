package org.md4j.cli.draw;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ImageSets;
import org.md4j.cli.option.ClassFlags;
import org.md4j.cli.option.PictureFlags;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.data.image.ImageFile;
import org.md4j.data.image.ImageGeometry;
import org.md4j.data.image.ImageShape;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which picture is given and where it is to be filled in. */
public final class InfillPictures {
  private static final int WHITE = 128;
  private static final int CORNERS = 4;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description =
          "Image runs only. The picture, JPEG or PNG, of the run's size; cropped if the run is."
              + " Default: none.")
  private @Nullable Path image;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description =
          "Image runs only. A picture of the run's size, grey and white where to fill in, or"
              + " transparent there. Default: none.")
  private @Nullable Path mask;

  @Option(
      names = "--rectangle",
      paramLabel = "NUMBER",
      split = ",",
      description =
          "Image runs only. Where to fill in, instead of --mask: x,y,width,height in pixels, from"
              + " the upper left. Default: none.")
  private List<Integer> rectangle = new ArrayList<>();

  @Mixin private ClassFlags classes = new ClassFlags();

  /** What the pictures are to show. */
  public ClassFlags classes() {
    return classes;
  }

  /** Checks what can be checked without a run's settings. */
  void check() {
    if (image == null) {
      throw new CommandException("--image must be given: this run fills in pictures");
    }
    if ((mask == null) == rectangle.isEmpty()) {
      throw new CommandException(
          mask == null
              ? "--mask or --rectangle must be given: where to fill in"
              : "--mask and --rectangle cannot both be given");
    }
    if (mask == null && rectangle.size() != CORNERS) {
      throw new CommandException(
          "--rectangle must be four numbers, x,y,width,height, got %d".formatted(rectangle.size()));
    }
    classes.check();
  }

  /** Checks that none is given. */
  public void requireNone() {
    PictureFlags.requireAbsent("--image", image);
    PictureFlags.requireAbsent("--mask", mask);
    PictureFlags.requireAbsent("--rectangle", rectangle.isEmpty() ? null : rectangle);
    classes.requireNone();
  }

  /**
   * The whole picture.
   *
   * @return [N]
   * @throws org.md4j.data.DataException if it cannot be read or has another shape than the run's
   */
  int[] given(ImageRunConfig config) {
    return ImageFile.read(
        Objects.requireNonNull(image),
        config.shape(),
        ImageSets.geometry(config.network(), config.crop()));
  }

  /**
   * The picture with masks where it is to be filled in, every colour of a pixel.
   *
   * @param given [N]
   * @param note told, in a line, how a mask is taken where that is not plain
   * @return [N]
   * @throws CommandException if that is nowhere, or outside the picture
   */
  int[] masked(ImageRunConfig config, int[] given, Consumer<String> note) {
    boolean[] blank =
        mask == null ? inRectangle(config.shape()) : blankOf(mask, config.shape(), note);
    int[] masked = given.clone();
    int colours = config.shape().colours();
    for (int n = 0; n < masked.length; n++) {
      if (blank[n / colours]) {
        masked[n] = config.network().vocabulary().maskId();
      }
    }
    return masked;
  }

  private static boolean[] blankOf(Path mask, ImageShape shape, Consumer<String> note) {
    int[] opacity =
        ImageFile.readOpacity(mask, shape)
            .filter(alphas -> Arrays.stream(alphas).distinct().count() > 1)
            .orElse(new int[0]);
    boolean[] blank = new boolean[opacity.length];
    int count = 0;
    for (int pixel = 0; pixel < blank.length; pixel++) {
      blank[pixel] = opacity[pixel] < WHITE;
      count += blank[pixel] ? 1 : 0;
    }
    if (count > 0) {
      note.accept(
          "--mask (%s) is transparent in %d of %d pixels: those are filled in"
              .formatted(mask, count, blank.length));
      return blank;
    }
    if (opacity.length > 0) {
      throw new CommandException(
          "--mask (" + mask + ") must be transparent where to fill in, got no pixel that is");
    }
    boolean[] white = whiteOf(mask, shape);
    if (IntStream.range(0, white.length).allMatch(pixel -> white[pixel])) {
      note.accept("--mask (" + mask + ") is white everywhere: nothing of the picture is given");
    }
    return white;
  }

  private static boolean[] whiteOf(Path mask, ImageShape shape) {
    int[] grey =
        ImageFile.read(
            mask, new ImageShape(shape.height(), shape.width(), 1), ImageGeometry.asStored());
    if (Arrays.stream(grey).noneMatch(value -> value >= WHITE)) {
      throw new CommandException(
          "--mask (" + mask + ") must be white where to fill in, got no white pixel");
    }
    boolean[] blank = new boolean[grey.length];
    for (int pixel = 0; pixel < grey.length; pixel++) {
      blank[pixel] = grey[pixel] >= WHITE;
    }
    return blank;
  }

  private boolean[] inRectangle(ImageShape shape) {
    int left = rectangle.get(0);
    int top = rectangle.get(1);
    int width = rectangle.get(2);
    int height = rectangle.get(3);
    if (left < 0
        || top < 0
        || width < 1
        || height < 1
        || (long) left + width > shape.width()
        || (long) top + height > shape.height()) {
      throw new CommandException(
          "--rectangle (%d,%d,%d,%d) must have a pixel and lie in the picture, %d wide and %d high"
              .formatted(left, top, width, height, shape.width(), shape.height()));
    }
    boolean[] blank = new boolean[shape.height() * shape.width()];
    for (int y = top; y < top + height; y++) {
      Arrays.fill(blank, y * shape.width() + left, y * shape.width() + left + width, true);
    }
    return blank;
  }
}

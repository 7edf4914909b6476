package org.md4j.cli.command;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Folders of pictures of 4x4 pixels in two classes, dark and light. */
public final class TinyPictures {
  static final int SIDE = 4;

  private TinyPictures() {}

  static Path in(Path folder, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Path of = Files.createDirectories(folder.resolve(i % 2 == 0 ? "dark" : "light"));
      one(of.resolve(i + ".png"), SIDE, i);
    }
    return folder;
  }

  /** A picture: even numbers are dark, odd ones light. */
  public static Path one(Path file, int side, int number) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < side * side; pixel++) {
      image.setRGB(
          pixel % side, pixel / side, number % 2 == 0 ? 0x102030 + number : 0xD0E0F0 + pixel % 16);
    }
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}

package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The smallest network there is: one ONNX Flatten, [B, 3, 4, 4] to [B, 48]. */
final class OnnxFlatten {
  /** What OnnxFeaturesTest of md4-models writes as flatten(4). */
  private static final String FILE =
      "CAc6agodCghwaWN0dXJlcxIIZmVhdHVyZXMiB0ZsYXR0ZW4SB2ZsYXR0ZW5aIwoIcGljdHVyZXMSFwoVCAESEQoDEgFC"
          + "CgIIAwoCCAQKAggEYhsKCGZlYXR1cmVzEg8KDQgBEgkKAxIBQgoCCDBCAhAN";

  private OnnxFlatten() {}

  /** Writes the file. */
  static Path in(Path folder) throws IOException {
    return Files.write(folder.resolve("flatten.onnx"), Base64.getDecoder().decode(FILE));
  }
}

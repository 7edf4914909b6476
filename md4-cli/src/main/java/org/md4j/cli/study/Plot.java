package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Path;

/** A drawing of a table. */
interface Plot {
  /** Draws into a PNG file; needs no display. */
  void write(Path png) throws IOException;
}

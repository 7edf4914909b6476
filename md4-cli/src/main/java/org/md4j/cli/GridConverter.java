package org.md4j.cli;

import org.md4j.cli.support.NamedGrid;

/** A time grid by its name. */
final class GridConverter extends NameConverter<NamedGrid> {
  GridConverter() {
    super(NamedGrid.class);
  }
}

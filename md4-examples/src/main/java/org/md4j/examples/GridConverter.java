package org.md4j.examples;

import org.md4j.examples.support.NamedGrid;

/** A time grid by its name. */
final class GridConverter extends NameConverter<NamedGrid> {
  GridConverter() {
    super(NamedGrid.class);
  }
}

package org.md4j.cli.option;

/** A time grid by its name. */
public final class GridConverter extends NameConverter<NamedGrid> {
  GridConverter() {
    super(NamedGrid.class);
  }
}

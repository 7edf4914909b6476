/**
 * Draws texts and pictures from a trained run: from nothing or from a template, shown while they
 * are unmasked, and written to files.
 */
@NullMarked
package org.md4j.cli.draw;

import org.jspecify.annotations.NullMarked;

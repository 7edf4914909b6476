/**
 * Trains a run: its progress on the terminal, and the files that training leaves in the run folder.
 */
@NullMarked
package org.md4j.cli.train;

import org.jspecify.annotations.NullMarked;

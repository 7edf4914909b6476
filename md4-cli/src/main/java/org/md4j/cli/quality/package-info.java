/** Measures how good drawn texts and pictures are, by statistics of real ones. */
@NullMarked
package org.md4j.cli.quality;

import org.jspecify.annotations.NullMarked;

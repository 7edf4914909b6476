/** Measures a run on held-out texts or pictures, and sums up what was found. */
@NullMarked
package org.md4j.cli.evaluate;

import org.jspecify.annotations.NullMarked;

/** Describes a run: its folder, its settings, what it was trained as, and its last report. */
@NullMarked
package org.md4j.cli.run;

import org.jspecify.annotations.NullMarked;

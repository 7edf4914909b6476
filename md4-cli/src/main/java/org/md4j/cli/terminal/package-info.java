/** Speaks to the user: the terminal, a count of work in progress, and mistakes of the user's. */
@NullMarked
package org.md4j.cli.terminal;

import org.jspecify.annotations.NullMarked;

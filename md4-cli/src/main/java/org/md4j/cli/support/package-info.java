/** What the commands share: the terminal, run folders, plots and a look at the native backend. */
@NullMarked
package org.md4j.cli.support;

import org.jspecify.annotations.NullMarked;

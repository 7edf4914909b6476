/** The commands of md4, one a class: what each takes, in which order it works, what it prints. */
@NullMarked
package org.md4j.cli.command;

import org.jspecify.annotations.NullMarked;

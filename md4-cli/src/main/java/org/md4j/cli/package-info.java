/**
 * The {@code md4} command line: {@link org.md4j.cli.Md4} parses it and runs one of {@link
 * org.md4j.cli.command}. The packages below import in one direction: commands, studies, training,
 * drawing and evaluation, options, quality, data, runs, the machine, the terminal.
 */
@NullMarked
package org.md4j.cli;

import org.jspecify.annotations.NullMarked;

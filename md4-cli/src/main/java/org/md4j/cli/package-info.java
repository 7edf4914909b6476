/**
 * The {@code md4} command line, one command a file. Start at {@link org.md4j.cli.Md4}; what a
 * command shows, writes and checks is in {@link org.md4j.cli.support}.
 */
@NullMarked
package org.md4j.cli;

import org.jspecify.annotations.NullMarked;

/**
 * Compares samplers, models and blanks over many settings, with a table and a plot as the result.
 */
@NullMarked
package org.md4j.cli.study;

import org.jspecify.annotations.NullMarked;

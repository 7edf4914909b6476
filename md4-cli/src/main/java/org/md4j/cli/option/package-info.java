/**
 * Groups of options that commands share, and the names that are typed after them: presets,
 * samplers, time grids. Every option is checked before work starts.
 */
@NullMarked
package org.md4j.cli.option;

import org.jspecify.annotations.NullMarked;

/** Prepares what drawn pictures are compared with, for the commands that do. */
@NullMarked
package org.md4j.cli.quality;

import org.jspecify.annotations.NullMarked;

/** What the samplers are worth: the quality of the texts they draw, and how fast they draw them. */
@NullMarked
package org.md4j.cli.study;

import org.jspecify.annotations.NullMarked;

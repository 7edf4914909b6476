/** Finds what runs learn from: texts and pictures, a file's or those that come with md4. */
@NullMarked
package org.md4j.cli.data;

import org.jspecify.annotations.NullMarked;

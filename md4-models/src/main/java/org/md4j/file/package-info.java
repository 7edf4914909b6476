/** Replaces files so that each is always whole: {@link org.md4j.file.FileReplacement}. */
@NullMarked
package org.md4j.file;

import org.jspecify.annotations.NullMarked;

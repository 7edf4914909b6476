/**
 * Images as rows of bytes, one token a colour of a pixel: sets of them in every published form,
 * views and splits of sets.
 *
 * <p>Start at {@link org.md4j.data.image.ImageData}, which opens whatever holds images as an {@link
 * org.md4j.data.image.ImageSource} of one {@link org.md4j.data.image.ImageShape}; {@link
 * org.md4j.data.image.ImageSplits} divides it. Pixels stay in their files until they are asked for.
 * {@link org.md4j.data.image.ImageFile} and {@link org.md4j.data.image.ImageGrid} write images as
 * PNG files.
 */
@NullMarked
package org.md4j.data.image;

import org.jspecify.annotations.NullMarked;

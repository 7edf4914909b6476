/**
 * The layers that only networks for images have.
 *
 * <p>Shapes: B examples, HW pixels, C channels of an image [B, HW, C] in c order, channels
 * innermost.
 */
@NullMarked
package org.md4j.model.layer.image;

import org.jspecify.annotations.NullMarked;

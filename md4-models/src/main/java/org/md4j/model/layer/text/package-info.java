/** The layers that only networks for text have. */
@NullMarked
package org.md4j.model.layer.text;

import org.jspecify.annotations.NullMarked;

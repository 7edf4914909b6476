/**
 * The HTML report of a sampling run: one page that shows texts or pictures being unmasked, needs
 * nothing but a browser and loads nothing from anywhere.
 *
 * <p>Start at {@link org.md4j.sampling.SamplingTrace}, which listens to a sampler, and {@link
 * org.md4j.cli.page.SamplingReport}, which writes the page.
 */
@NullMarked
package org.md4j.cli.page;

import org.jspecify.annotations.NullMarked;

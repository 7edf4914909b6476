/**
 * The project's pages as a static site. Start at {@link org.md4j.site.Site}, which Maven's profile
 * {@code site} runs.
 */
@NullMarked
package org.md4j.site;

import org.jspecify.annotations.NullMarked;

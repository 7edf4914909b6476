/** Looks at what md4 runs on: the backend of ND4J, CUDA, BLAS, memory and versions. */
@NullMarked
package org.md4j.cli.machine;

import org.jspecify.annotations.NullMarked;

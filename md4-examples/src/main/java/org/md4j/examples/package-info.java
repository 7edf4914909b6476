/**
 * Short programs to learn from, each named by its task and at most sixty lines long. From the
 * project's folder, with the library installed once, {@code OwnTokens} runs by the second line:
 *
 * <pre>
 *   mvn -q install -pl md4-core,md4-models -am -DskipTests -DskipSlow
 *   mvn -q compile exec:java -pl md4-examples -Dexample=OwnTokens
 * </pre>
 *
 * <p>{@code -Dexec.args="first second"} gives a program its arguments, and {@code -Pcuda} runs it
 * on a GPU. Every build compiles and tests them against the installed library, as a project of your
 * own would.
 */
@NullMarked
package org.md4j.examples;

import org.jspecify.annotations.NullMarked;

/**
 * Tests that any implementation of a core interface must pass: extend one, hand it your
 * implementation, and run it with JUnit 5 and AssertJ on the test class path.
 */
package org.md4j.contract;

/**
 * Tests that any implementation of an interface of md4-models must pass: extend one, hand it your
 * implementation, and run it with JUnit 5 and AssertJ on the test class path.
 */
package org.md4j.models.contract;

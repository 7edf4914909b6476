/**
 * Damaged and hostile files for everything here that reads files: {@link org.md4j.fuzz.FileForm}
 * lists the forms, {@link org.md4j.fuzz.Reading} says what every reader promises.
 */
package org.md4j.fuzz;

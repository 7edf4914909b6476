/** A disk that fails at every change of a file in turn, under everything here that writes files. */
package org.md4j.fuzz.disk;

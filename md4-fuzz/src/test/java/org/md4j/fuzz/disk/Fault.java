package org.md4j.fuzz.disk;

/** What a disk does when it fails. */
enum Fault {
  /** Takes half of what is written, then nothing more from then on. */
  FULL("No space left on device", true),

  /** Fails to do one thing, and does all that comes after. */
  ONCE("Input/output error", false);

  private final String reason;
  private final boolean lasting;

  Fault(String reason, boolean lasting) {
    this.reason = reason;
    this.lasting = lasting;
  }

  /** What the system says. */
  String reason() {
    return reason;
  }

  /** Whether everything after the first failure fails, too. */
  boolean isLasting() {
    return lasting;
  }
}

package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandRecordTest {
  @Test
  void argumentsAreQuotedAsAShellNeedsThem() {
    assertThat(CommandRecord.quoted("--steps=3")).isEqualTo("--steps=3");
    assertThat(CommandRecord.quoted("my text.txt")).isEqualTo("'my text.txt'");
    assertThat(CommandRecord.quoted("it's")).isEqualTo("'it'\\''s'");
    assertThat(CommandRecord.quoted("")).isEqualTo("''");
  }
}

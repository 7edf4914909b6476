package org.md4j.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.train.TextPreset;

class RunFolderTest {
  @TempDir private Path folder;

  @Test
  void settingsComeBack() throws IOException {
    TextPreset tiny = TextPreset.TINY;
    TextRunConfig config =
        new TextRunConfig(
            "tiny", ModelName.MD4, null, tiny.network().withCausal(true), tiny.trainer());
    RunFolder run = new RunFolder(folder);

    run.start(config);

    assertThat(run.readConfig(TextRunConfig.class)).isEqualTo(config);
  }

  @Test
  void settingsFromBeforeThereWereCausalNetworksAreThoseOfABidirectionalOne() throws IOException {
    TextPreset tiny = TextPreset.TINY;
    RunFolder run = new RunFolder(folder);
    run.start(new TextRunConfig("tiny", ModelName.MD4, null, tiny.network(), tiny.trainer()));
    String old = Files.readString(run.config()).replaceFirst(",\\s*\"causal\" : false", "");
    assertThat(old).doesNotContain("causal");
    Files.writeString(run.config(), old);

    assertThat(run.readConfig(TextRunConfig.class).network()).isEqualTo(tiny.network());
  }
}

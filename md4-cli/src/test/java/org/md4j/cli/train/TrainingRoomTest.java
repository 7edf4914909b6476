package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.cli.machine.MachineMemory;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Model;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingMemory;

class TrainingRoomTest {
  private static final long GIGABYTE = 1_000_000_000;
  private static final Pattern BATCH = Pattern.compile("--batch (\\d+) fits");
  private static final Pattern LENGTH = Pattern.compile("--length (\\d+) fits");

  @Test
  void whatFitsIsLetPass() {
    assertThatCode(() -> room(mini(256, 32), 2 * GIGABYTE).require(false))
        .doesNotThrowAnyException();
  }

  @Test
  void theLargestBatchThatFitsIsNamed() {
    long bytes = memory(mini(2_048, 32)).bytes() / 3;

    int batch = named(BATCH, mini(2_048, 32), bytes);

    assertThat(memory(mini(2_048, batch)).bytes()).isLessThanOrEqualTo(bytes);
    assertThat(memory(mini(2_048, batch + 1)).bytes()).isGreaterThan(bytes);
  }

  @Test
  void theLongestRowThatFitsIsNamedWhereNoBatchDoes() {
    TextRunConfig config = mini(150_000, 1);

    int length = named(LENGTH, config, 4 * GIGABYTE);

    assertThat(memory(mini(length, 1)).bytes()).isLessThanOrEqualTo(4 * GIGABYTE);
    assertThat(memory(mini(length + length / 50, 1)).bytes()).isGreaterThan(4 * GIGABYTE);
  }

  /** Networks that no machine of 24 GB, or none at all, can train. */
  static Stream<Arguments> tooLarge() {
    Stream<TextRunConfig> wide =
        IntStream.of(8_192, 16_384, 65_536)
            .mapToObj(width -> config(network(27, 256, width / 128, 128, 48), 8));
    Stream<TextRunConfig> deep =
        IntStream.of(3_000).mapToObj(layers -> config(network(27, 256, 12, 64, layers), 8));
    Stream<TextRunConfig> tables =
        IntStream.of(20_000_000, 200_000_000)
            .mapToObj(values -> config(network(values, 64, 4, 64, 2), 8));
    Stream<TextRunConfig> longRows =
        IntStream.of(20_000, 1_000_000)
            .mapToObj(length -> config(network(27, length, 4, 32, 4), 8));
    Stream<TextRunConfig> manyRows =
        IntStream.of(200_000).mapToObj(rows -> config(network(27, 256, 4, 32, 4), rows));
    return Stream.of(wide, deep, tables, longRows, manyRows)
        .flatMap(configs -> configs)
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("tooLarge")
  void whatIsTooLargeIsRefused(TextRunConfig config) {
    assertThatThrownBy(() -> room(config, 24 * GIGABYTE).require(false))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("memory needed (")
        .hasMessageContaining("must be at most what there is beside the process, 24.0 GB: ");
  }

  @Test
  void aRunThatGoesOnIsToldToGoOnElsewhere() {
    assertThatThrownBy(() -> room(mini(150_000, 1), 4 * GIGABYTE).require(true))
        .hasMessageEndingWith("4.0 GB: the run can go on where there is as much");
  }

  private static int named(Pattern remedy, TextRunConfig config, long bytes) {
    CommandException refusal =
        catchThrowableOfType(CommandException.class, () -> room(config, bytes).require(false));
    Matcher named = remedy.matcher(refusal.getMessage());
    assertThat(named.find()).as(refusal.getMessage()).isTrue();
    return Integer.parseInt(named.group(1));
  }

  private static TrainingRoom room(TextRunConfig config, long bytes) {
    return new TrainingRoom(config, Precision.F32, new MachineMemory(bytes));
  }

  private static TrainingMemory memory(TextRunConfig config) {
    return TrainingMemory.of(config.network(), config.objective(), config.trainer(), Precision.F32)
        .orElseThrow();
  }

  private static TextRunConfig mini(int length, int batch) {
    return config(TextPreset.MINI.network().toBuilder().length(length).build(), batch);
  }

  private static TransformerConfig network(
      int values, int length, int heads, int headSize, int layers) {
    return TransformerConfig.builder(values, length)
        .heads(heads)
        .headSize(headSize)
        .layers(layers)
        .build();
  }

  private static TextRunConfig config(TransformerConfig network, int batch) {
    return new TextRunConfig(
        "test",
        Model.MD4,
        null,
        network,
        TrainerConfig.builder(1, batch, 1e-3).replicas(Math.min(2, batch)).build());
  }
}

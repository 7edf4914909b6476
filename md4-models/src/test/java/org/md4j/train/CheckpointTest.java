package org.md4j.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.Vocabulary;
import org.md4j.model.text.Attention;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.LogSnrElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.schedule.ClippedSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointTest {
  private static final Elbo OBJECTIVE = new ContinuousTimeElbo(MaskingSchedule.reference());
  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(27, 8).layers(1).heads(1).headSize(4).build();
  private static final TrainerConfig TRAINER =
      TrainerConfig.builder(100, 4, 1e-3)
          .optimizer(adamW -> adamW.warmupSteps(5).emaRate(0.99))
          .build();
  private static final DataIdentity DATA =
      new DataIdentity("text, windows of 8", "ab12", 8, 93, Optional.empty());
  private static final CheckpointTypes TYPES =
      CheckpointTypes.standard().withNetwork("neighbours", NeighbourDenoiser.Config.class);
  private static final float[] PARAMETERS = {1, -2.5f, 3e-38f, Float.MIN_VALUE, 1e30f};

  /** One byte in so many is flipped: each costs a reading. A prime, so that every field is met. */
  private static final int STRIDE = 7;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("checkpoint.md4");
  }

  static Stream<Objective> objectives() {
    return Stream.of(
        OBJECTIVE,
        new ContinuousTimeElbo(MaskingSchedule.cosine().clipped(1e-3)),
        new DiscreteTimeElbo(MaskingSchedule.polynomial(2.5), 17),
        new MaskCountElbo(MaskingSchedule.linear()),
        new LogSnrElbo(MaskingSchedule.geometric(1e-5, 20)),
        new ScoreEntropyElbo(new MaskCountElbo(MaskingSchedule.cosine())),
        new HybridElbo(new DiscreteTimeElbo(MaskingSchedule.linear(), 50), 0.25),
        new AutoregressiveLikelihood());
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void everythingComesBackAsItWas(Objective objective) {
    checkpoint(objective).write(file, TYPES);

    Checkpoint read = Checkpoint.read(file);

    assertThat(read.network()).isEqualTo(NETWORK);
    assertThat(read.objective()).isEqualTo(objective);
    assertThat(read.trainer()).isEqualTo(TRAINER);
    assertThat(read.data()).isEqualTo(DATA);
    assertThat(read.step()).isEqualTo(77);
    assertThat(read.libraryVersion()).isEqualTo("0.0-test");
    assertThat(read.parameters().toFloatVector()).containsExactly(PARAMETERS);
    assertThat(read.average().toFloatVector()).containsExactly(2, 2, 2, 2, 2);
    assertThat(read.mean().toFloatVector()).containsExactly(3, 3, 3, 3, 3);
    assertThat(read.meanSquare().toFloatVector()).containsExactly(4, 4, 4, 4, 4);
    assertThat(read.parameters().shape()).containsExactly(5);
  }

  @Test
  void arraysAreLittleEndianFloatsInAZipArchive() throws IOException {
    checkpoint(OBJECTIVE).write(file, TYPES);

    Map<String, byte[]> entries = entries();

    assertThat(entries.keySet())
        .containsExactly(
            "checkpoint.json", "parameters.f32", "ema.f32", "adam-m.f32", "adam-v.f32");
    float[] values = new float[PARAMETERS.length];
    ByteBuffer.wrap(entries.get("parameters.f32"))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    assertThat(values).containsExactly(PARAMETERS);
  }

  @Tag("slow")
  @Test
  void arraysLongerThanOnePieceComeBack() {
    int count = (1 << 18) + 321;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.cos(i);
    }
    INDArray array = Nd4j.createFromArray(values).reshape(1, count);
    new Checkpoint(
            NETWORK,
            OBJECTIVE,
            TRAINER,
            1,
            BestEvaluation.NONE,
            DATA,
            "x",
            new OptimizerState(array, array, array, array),
            null)
        .write(file, TYPES);

    assertThat(Checkpoint.read(file).average().toFloatVector()).containsExactly(values);
  }

  @Test
  void equalRunsWriteEqualFiles() throws IOException {
    checkpoint(OBJECTIVE).write(file, TYPES);
    Path other = folder.resolve("other");
    checkpoint(OBJECTIVE).write(other, TYPES);

    assertThat(Files.mismatch(file, other)).isEqualTo(-1);
  }

  @Test
  void noFlippedByteGivesAnotherCheckpoint() throws IOException {
    checkpoint(OBJECTIVE).write(file, TYPES);
    byte[] whole = Files.readAllBytes(file);
    int tried = 0;
    int refused = 0;
    for (int i = 0; i < whole.length; i += STRIDE) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x41;
      Files.write(file, damaged);
      tried++;
      if (isRefusedOrEqual()) {
        refused++;
      }
    }
    // The rest are fields of the archive that nobody reads, such as times of day.
    assertThat(refused).isGreaterThan(tried / 2);
  }

  /** True if refused in one line; false if what was read is right; otherwise fails. */
  private boolean isRefusedOrEqual() {
    try {
      Checkpoint read = Checkpoint.read(file);
      assertThat(read.parameters().toFloatVector()).containsExactly(PARAMETERS);
      assertThat(read.average().toFloatVector()).containsExactly(2, 2, 2, 2, 2);
      assertThat(read.mean().toFloatVector()).containsExactly(3, 3, 3, 3, 3);
      assertThat(read.meanSquare().toFloatVector()).containsExactly(4, 4, 4, 4, 4);
      assertThat(read.trainer()).isEqualTo(TRAINER);
      assertThat(read.network()).isEqualTo(NETWORK);
      assertThat(read.objective()).isEqualTo(OBJECTIVE);
      assertThat(read.data()).isEqualTo(DATA);
      assertThat(read.step()).isEqualTo(77);
      return false;
    } catch (CheckpointException e) {
      assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
      return true;
    }
  }

  @Test
  void aFileCutShortAnywhereIsRefused() throws IOException {
    checkpoint(OBJECTIVE).write(file, TYPES);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 10 * STRIDE) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertRefused("cannot be used");
    }
  }

  @Test
  void aMissingFileIsRefused() {
    assertRefused("must be an existing file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\" : 1|\"format\" : 2|format (2) must be 1; it was written by md4 0.0-test",
        "\"type\" : \"linear\"|\"type\" : \"sigmoid\"|schedule type (sigmoid)",
        "\"type\" : \"continuous-time\"|\"type\" : \"unheard-of\"|objective type (unheard-of)",
        "\"vocabularySize\" : 27|\"vocabularySize\" : 5|must be that of its network",
        "\"parameterCount\" : 5|\"parameterCount\" : 4|parameters.f32 must have",
        "\"parameterCount\" : 5|\"parameterCount\" : -1|parameterCount (-1) must be at least 1",
        "\"batchSize\" : 4|\"batchSize\" : 0|batchSize (0) must be at least 1",
        "\"step\" : 77|\"stop\" : 77|description is damaged",
        "\"adam-v.f32\"|\"adam-w.f32\"|adam-v.f32 must have a recorded SHA-256",
        "{|[|description is damaged",
      })
  void aDescriptionThatIsNotOursIsRefused(String original, String changed, String message)
      throws IOException {
    checkpoint(OBJECTIVE).write(file, TYPES);
    rewriteHeader(
        json -> {
          assertThat(json).contains(original);
          return json.replace(original, changed);
        });

    assertRefused(message);
  }

  @Test
  void classesCausalityAndLabelDropoutComeBack() {
    TransformerConfig labelled =
        NETWORK.toBuilder()
            .conditioning(told -> told.classes(3))
            .attention(Attention.CAUSAL)
            .build();
    TrainerConfig dropping = TRAINER.toBuilder().labelDropout(0.1).build();
    INDArray array = Nd4j.createFromArray(PARAMETERS);
    new Checkpoint(
            labelled,
            OBJECTIVE,
            dropping,
            1,
            BestEvaluation.NONE,
            DATA,
            "x",
            new OptimizerState(array, array, array, array),
            null)
        .write(file, TYPES);

    assertThat(Checkpoint.read(file).network()).isEqualTo(labelled);
    assertThat(Checkpoint.read(file).trainer()).isEqualTo(dropping);
  }

  @Test
  void muonAndTheShapeOfTheRateComeBackAndAreNotChangedInARun() {
    TrainerConfig muon =
        TRAINER.toBuilder()
            .optimizer(
                adamW ->
                    adamW
                        .muon(new MuonConfig(0.03, 0.9, 6))
                        .rateShape(RateShape.WARMUP_STABLE_DECAY)
                        .cooldownShare(0.3))
            .build();
    INDArray array = Nd4j.createFromArray(PARAMETERS);
    new Checkpoint(
            NETWORK,
            OBJECTIVE,
            muon,
            1,
            BestEvaluation.NONE,
            DATA,
            "x",
            new OptimizerState(array, array, array, array),
            null)
        .write(file, TYPES);

    Checkpoint read = Checkpoint.read(file);
    assertThat(read.trainer()).isEqualTo(muon);
    assertThatThrownBy(
            () -> read.requireFits(NETWORK.vocabulary(), array, OBJECTIVE, DATA, TRAINER))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("MuonConfig[learningRate=0.03, momentum=0.9, iterations=6]");
  }

  @Test
  void anArchiveOfSomethingElseIsRefused() throws IOException {
    write(Map.of("readme.txt", "hello".getBytes(UTF_8)));

    assertRefused("it holds no checkpoint.json");
  }

  private static final class OwnSchedule implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return 1 - t * t * t;
    }

    @Override
    public double oneMinusAlpha(double t) {
      return t * t * t;
    }

    @Override
    public double alphaPrime(double t) {
      return -3 * t * t;
    }
  }

  @Test
  void aTrainerRefusesBeforeItStartsWhatCannotBeWritten() {
    Elbo own = new ContinuousTimeElbo(new OwnSchedule());
    NeighbourDenoiser network = NeighbourDenoiser.create(NETWORK.vocabulary());
    try (Trainer trainer = trainer(network, own)) {
      assertThatThrownBy(() -> trainer.checkpointTo(file, TYPES))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("schedule (")
          .hasMessageContaining("OwnSchedule");
    }
    Path nowhere = folder.resolve("none/checkpoint");
    try (Trainer trainer = trainer(network, OBJECTIVE)) {
      assertThatThrownBy(() -> trainer.checkpointTo(nowhere, TYPES))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(nowhere.toString())
          .hasMessageContaining("must exist");
    }
    assertThatThrownBy(
            () ->
                Checkpoint.requireWritable(
                    NETWORK, OBJECTIVE, TRAINER, Nd4j.zeros(DataType.DOUBLE, 5), file, TYPES))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("FLOAT, got DOUBLE");
  }

  private static Trainer trainer(NeighbourDenoiser network, Elbo objective) {
    return new Trainer(
        network,
        objective,
        TestData.training(8),
        TestData.validation(8),
        TRAINER.toBuilder().replicas(1).build(),
        List.of());
  }

  @Test
  void arraysOfAnotherSizeMakeNoNetwork() {
    assertThatThrownBy(() -> checkpoint(OBJECTIVE).averagedNetwork())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("number of parameters is 5")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void theVersionIsTheBuildsOwn() {
    assertThat(Checkpoint.libraryVersionInUse()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void othersMayReadItAsTheyMayAnyNewFile() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix")).isTrue();
    checkpoint(OBJECTIVE).write(file, TYPES);

    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void whatAKilledWriteLeftIsReplaced() throws IOException {
    Path partial = Files.write(folder.resolve("checkpoint.md4.partial"), new byte[100_000]);
    checkpoint(OBJECTIVE).write(file, TYPES);

    assertThat(Checkpoint.read(file).step()).isEqualTo(77);
    assertThat(partial).doesNotExist();
  }

  @Test
  void aScheduleOfTheUsersOwnCannotBeWritten() {
    Elbo objective = new ContinuousTimeElbo(new ClippedSchedule(new OwnSchedule(), 1e-4));

    assertThatThrownBy(() -> checkpoint(objective).write(file, TYPES))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("CheckpointTest")
        .hasMessageContaining("must be one of linear, cosine, polynomial, geometric");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailureToWriteLeavesNothingBehind() throws IOException {
    Files.createDirectories(file.resolve("in the way"));

    assertThatThrownBy(() -> checkpoint(OBJECTIVE).write(file, TYPES))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("cannot be written");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
    assertThatThrownBy(() -> checkpoint(OBJECTIVE).write(folder.resolve("none/checkpoint"), TYPES))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("must exist");
  }

  @Test
  void aNewCheckpointReplacesTheOld() {
    checkpoint(new MaskCountElbo(MaskingSchedule.linear())).write(file, TYPES);
    checkpoint(OBJECTIVE).write(file, TYPES);

    assertThat(Checkpoint.read(file).objective()).isEqualTo(OBJECTIVE);
  }

  @Test
  void aRunThatIsNotTheSameIsNamed() {
    Checkpoint checkpoint = checkpoint(OBJECTIVE);
    Vocabulary vocabulary = NETWORK.vocabulary();
    INDArray parameters = Nd4j.createFromArray(PARAMETERS).reshape(1, 5);

    checkpoint.requireFits(vocabulary, parameters, OBJECTIVE, DATA, TRAINER);
    checkpoint.requireFits(
        vocabulary,
        parameters,
        OBJECTIVE,
        new DataIdentity("renamed", DATA.sha256(), DATA.length(), DATA.size(), Optional.empty()),
        TRAINER.toBuilder()
            .replicas(2)
            .accumulation(2)
            .steps(77)
            .evaluation(evaluation -> evaluation.every(3))
            .build());

    assertDoesNotFit(
        () -> checkpoint.requireFits(new Vocabulary(5), parameters, OBJECTIVE, DATA, TRAINER),
        "vocabulary");
    assertDoesNotFit(
        () -> checkpoint.requireFits(vocabulary, Nd4j.ones(1, 4), OBJECTIVE, DATA, TRAINER),
        "number of parameters is 5, this run's is 4");
    assertDoesNotFit(
        () ->
            checkpoint.requireFits(
                vocabulary,
                parameters,
                new ContinuousTimeElbo(MaskingSchedule.cosine()),
                DATA,
                TRAINER),
        "objective");
    assertDoesNotFit(
        () ->
            checkpoint.requireFits(
                vocabulary,
                parameters,
                OBJECTIVE,
                new DataIdentity(DATA.name(), "cd34", DATA.length(), DATA.size(), Optional.empty()),
                TRAINER),
        "data");
    assertDoesNotFit(
        () ->
            checkpoint.requireFits(
                vocabulary, parameters, OBJECTIVE, DATA, TRAINER.toBuilder().seed(1).build()),
        "settings");
    assertDoesNotFit(
        () ->
            checkpoint.requireFits(
                vocabulary, parameters, OBJECTIVE, DATA, TRAINER.toBuilder().steps(76).build()),
        "steps (76) must be at least those the checkpoint has done, 77");
  }

  private static void assertDoesNotFit(ThrowingCallable restore, String message) {
    assertThatThrownBy(restore)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(file.toString())
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static Checkpoint checkpoint(Objective objective) {
    INDArray parameters = Nd4j.createFromArray(PARAMETERS).reshape(1, 5);
    return new Checkpoint(
        NETWORK,
        objective,
        TRAINER,
        77,
        BestEvaluation.NONE,
        DATA,
        "0.0-test",
        new OptimizerState(
            parameters, Nd4j.ones(1, 5).mul(2), Nd4j.ones(1, 5).mul(3), Nd4j.ones(1, 5).mul(4)),
        null);
  }

  private Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().map(e -> (ZipEntry) e).toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private void rewriteHeader(UnaryOperator<String> change) throws IOException {
    Map<String, byte[]> entries = entries();
    entries.compute(
        "checkpoint.json", (name, json) -> change.apply(new String(json, UTF_8)).getBytes(UTF_8));
    write(entries);
  }

  private void write(Map<String, byte[]> entries) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        zip.putNextEntry(
            ArrayEntry.stored(entry.getKey(), entry.getValue().length, crc.getValue()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
  }
}

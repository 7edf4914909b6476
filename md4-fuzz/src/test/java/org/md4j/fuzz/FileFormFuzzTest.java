package org.md4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Looks for files that a reader meets badly, led by what of the code they reach. A build gives each
 * reader the sound example and the files kept in the folder of resources {@code
 * FileFormFuzzTestInputs}; with the environment variable {@code JAZZER_FUZZ=1} and one method named
 * by {@code -Dtest}, Jazzer makes up new ones. (It wants its annotation to be the last of a
 * method.)
 */
@Tag("slow")
class FileFormFuzzTest {
  private static final String DURATION = "20m";

  @ExampleOf(FileForm.IDX_IMAGES)
  @FuzzTest(maxDuration = DURATION)
  void idxImages(byte[] file) {
    FileForm.IDX_IMAGES.check(file);
  }

  @ExampleOf(FileForm.IDX_LABELS)
  @FuzzTest(maxDuration = DURATION)
  void idxLabels(byte[] file) {
    FileForm.IDX_LABELS.check(file);
  }

  @ExampleOf(FileForm.CIFAR_BINARY)
  @FuzzTest(maxDuration = DURATION)
  void cifarBinary(byte[] file) {
    FileForm.CIFAR_BINARY.check(file);
  }

  @ExampleOf(FileForm.CIFAR_PICKLE)
  @FuzzTest(maxDuration = DURATION)
  void cifarPickle(byte[] file) {
    FileForm.CIFAR_PICKLE.check(file);
  }

  @ExampleOf(FileForm.NPZ)
  @FuzzTest(maxDuration = DURATION)
  void npz(byte[] file) {
    FileForm.NPZ.check(file);
  }

  @ExampleOf(FileForm.NPZ_PACKED)
  @FuzzTest(maxDuration = DURATION)
  void npzPacked(byte[] file) {
    FileForm.NPZ_PACKED.check(file);
  }

  @ExampleOf(FileForm.NPY_DATA)
  @FuzzTest(maxDuration = DURATION)
  void npyData(byte[] file) {
    FileForm.NPY_DATA.check(file);
  }

  @ExampleOf(FileForm.NPY_LABELS)
  @FuzzTest(maxDuration = DURATION)
  void npyLabels(byte[] file) {
    FileForm.NPY_LABELS.check(file);
  }

  @ExampleOf(FileForm.TAR)
  @FuzzTest(maxDuration = DURATION)
  void tar(byte[] file) {
    FileForm.TAR.check(file);
  }

  @ExampleOf(FileForm.LABELS_TSV)
  @FuzzTest(maxDuration = DURATION)
  void labelsTsv(byte[] file) {
    FileForm.LABELS_TSV.check(file);
  }

  @ExampleOf(FileForm.VAL_ANNOTATIONS)
  @FuzzTest(maxDuration = DURATION)
  void valAnnotations(byte[] file) {
    FileForm.VAL_ANNOTATIONS.check(file);
  }

  @ExampleOf(FileForm.PNG)
  @FuzzTest(maxDuration = DURATION)
  void png(byte[] file) {
    FileForm.PNG.check(file);
  }

  @ExampleOf(FileForm.JPEG)
  @FuzzTest(maxDuration = DURATION)
  void jpeg(byte[] file) {
    FileForm.JPEG.check(file);
  }

  @ExampleOf(FileForm.TEXT)
  @FuzzTest(maxDuration = DURATION)
  void text(byte[] file) {
    FileForm.TEXT.check(file);
  }

  @ExampleOf(FileForm.TEXT_GZIP)
  @FuzzTest(maxDuration = DURATION)
  void textGzip(byte[] file) {
    FileForm.TEXT_GZIP.check(file);
  }

  @ExampleOf(FileForm.TEXT_BZIP2)
  @FuzzTest(maxDuration = DURATION)
  void textBzip2(byte[] file) {
    FileForm.TEXT_BZIP2.check(file);
  }

  @ExampleOf(FileForm.TEXT_ZSTANDARD)
  @FuzzTest(maxDuration = DURATION)
  void textZstandard(byte[] file) {
    FileForm.TEXT_ZSTANDARD.check(file);
  }

  @ExampleOf(FileForm.TEXT_ZIP)
  @FuzzTest(maxDuration = DURATION)
  void textZip(byte[] file) {
    FileForm.TEXT_ZIP.check(file);
  }

  @ExampleOf(FileForm.JSON_LINES)
  @FuzzTest(maxDuration = DURATION)
  void jsonLines(byte[] file) {
    FileForm.JSON_LINES.check(file);
  }

  @ExampleOf(FileForm.MEDIA_WIKI)
  @FuzzTest(maxDuration = DURATION)
  void mediaWiki(byte[] file) {
    FileForm.MEDIA_WIKI.check(file);
  }

  @ExampleOf(FileForm.QUESTIONS)
  @FuzzTest(maxDuration = DURATION)
  void questions(byte[] file) {
    FileForm.QUESTIONS.check(file);
  }

  @ExampleOf(FileForm.LAMBADA)
  @FuzzTest(maxDuration = DURATION)
  void lambada(byte[] file) {
    FileForm.LAMBADA.check(file);
  }

  @ExampleOf(FileForm.WIKITEXT)
  @FuzzTest(maxDuration = DURATION)
  void wikiText(byte[] file) {
    FileForm.WIKITEXT.check(file);
  }

  @ExampleOf(FileForm.TEMPLATES)
  @FuzzTest(maxDuration = DURATION)
  void templates(byte[] file) {
    FileForm.TEMPLATES.check(file);
  }

  @ExampleOf(FileForm.SHARD_TOKENS)
  @FuzzTest(maxDuration = DURATION)
  void shardTokens(byte[] file) {
    FileForm.SHARD_TOKENS.check(file);
  }

  @ExampleOf(FileForm.METRICS)
  @FuzzTest(maxDuration = DURATION)
  void metrics(byte[] file) {
    FileForm.METRICS.check(file);
  }

  @ExampleOf(FileForm.TOKENIZER)
  @FuzzTest(maxDuration = DURATION)
  void tokenizer(byte[] file) {
    FileForm.TOKENIZER.check(file);
  }

  @ExampleOf(FileForm.SHARDS)
  @FuzzTest(maxDuration = DURATION)
  void shards(byte[] file) {
    FileForm.SHARDS.check(file);
  }

  @ExampleOf(FileForm.STATISTICS)
  @FuzzTest(maxDuration = DURATION)
  void statistics(byte[] file) {
    FileForm.STATISTICS.check(file);
  }

  @ExampleOf(FileForm.STATISTICS_HEADER)
  @FuzzTest(maxDuration = DURATION)
  void statisticsHeader(byte[] file) {
    FileForm.STATISTICS_HEADER.check(file);
  }

  @ExampleOf(FileForm.CHECKPOINT)
  @FuzzTest(maxDuration = DURATION)
  void checkpoint(byte[] file) {
    FileForm.CHECKPOINT.check(file);
  }

  @ExampleOf(FileForm.CHECKPOINT_HEADER)
  @FuzzTest(maxDuration = DURATION)
  void checkpointHeader(byte[] file) {
    FileForm.CHECKPOINT_HEADER.check(file);
  }

  @ExampleOf(FileForm.RUN_CONFIG)
  @FuzzTest(maxDuration = DURATION)
  void runConfig(byte[] file) {
    FileForm.RUN_CONFIG.check(file);
  }

  @ExampleOf(FileForm.ONNX)
  @FuzzTest(maxDuration = DURATION)
  void onnx(byte[] file) {
    FileForm.ONNX.check(file);
  }

  @Test
  void everyFormIsFuzzed() {
    assertThat(FileFormFuzzTest.class.getDeclaredMethods())
        .filteredOn(method -> method.isAnnotationPresent(ExampleOf.class))
        .extracting(method -> method.getAnnotation(ExampleOf.class).value())
        .containsExactlyInAnyOrder(FileForm.values());
  }
}

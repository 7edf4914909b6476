package org.md4j.fuzz;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.md4j.quality.FeatureStatistics;
import org.md4j.quality.OnnxFeatures;
import org.md4j.train.Checkpoint;
import org.md4j.zeroshot.ChoiceQuestion;
import org.md4j.zeroshot.EvaluationSet;

/**
 * A form of file that is read here: what such a file is called, a small sound one, and who reads
 * it. Where bytes lie in an archive with checksums, what is damaged is what lies in it.
 */
@SuppressWarnings("ImmutableEnumChecker") // The functions have no state.
enum FileForm {
  IDX_IMAGES("train-images-idx3-ubyte", Examples::idxImages, Readers::images),
  IDX_LABELS("train-labels-idx1-ubyte", Examples::idxLabels, FileForm::besideImages),
  CIFAR_BINARY("data_batch_1.bin", Examples::cifar, Readers::images),
  CIFAR_PICKLE("data_batch_1", Examples::pickle, Readers::images),
  NPZ("train_data_batch_1.npz", () -> Examples.npz(true), Readers::images),
  NPZ_PACKED("val_data.npz", () -> Examples.npz(false), Readers::images),
  NPY_DATA(
      "data.npz",
      Examples::npyData,
      data -> Examples.npz(data, Examples.npyLabels(), true),
      Readers::images),
  NPY_LABELS(
      "labels.npz",
      Examples::npyLabels,
      labels -> Examples.npz(Examples.npyData(), labels, false),
      Readers::images),
  TAR("pictures.tar", Examples::tar, Readers::images),
  LABELS_TSV(
      "labelled.tar",
      () -> "file\tclass\na.png\t0\nb.png\t1\n".getBytes(StandardCharsets.UTF_8),
      labels -> Examples.tar("labels.tsv", labels),
      Readers::images),
  VAL_ANNOTATIONS(
      "annotated.tar",
      () -> "a.png\tn01\t0\nb.png\tn02\t0\n".getBytes(StandardCharsets.UTF_8),
      labels -> Examples.tar("val_annotations.txt", labels),
      Readers::images),
  PNG("picture.png", Examples::png, Readers::picture),
  JPEG("picture.jpg", Examples::jpeg, Readers::picture),
  TEXT("text.txt", () -> Examples.WORDS.getBytes(StandardCharsets.UTF_8), Readers::text),
  TEXT_GZIP("text.gz", () -> packed(GZIPOutputStream::new), Readers::text),
  TEXT_BZIP2("text.bz2", () -> packed(BZip2CompressorOutputStream::new), Readers::text),
  TEXT_ZSTANDARD("text.zst", () -> packed(ZstdCompressorOutputStream::new), Readers::text),
  TEXT_ZIP(
      "text.zip",
      () -> Packed.zip(Map.of("text.txt", Examples.WORDS.getBytes(StandardCharsets.UTF_8)), false),
      Readers::text),
  JSON_LINES("documents.jsonl", Examples::jsonLines, Readers::documents),
  MEDIA_WIKI("articles.xml", Examples::wiki, Readers::documents),
  QUESTIONS("questions.jsonl", Examples::questions, ChoiceQuestion::read),
  LAMBADA(
      "lambada_test.jsonl",
      Examples::jsonLines,
      file -> Readers.evaluationSet(EvaluationSet.LAMBADA, file)),
  WIKITEXT(
      "wiki.test.raw",
      Examples::rawWikiText,
      file -> Readers.evaluationSet(EvaluationSet.WIKITEXT2, file)),
  TEMPLATES(
      "templates.txt",
      () -> "a _ of\n___ and \u00e9\n".getBytes(StandardCharsets.UTF_8),
      Readers::templates),
  TOKENIZER("tokenizer.json", Examples::tokenizer, Readers::tokenizer),
  SHARDS("shards.json", FileForm::shardsIndex, Readers::shards),
  SHARD_TOKENS("train-00000.tokens", FileForm::shardTokens, Readers::shardTokens),
  STATISTICS("statistics.npz", Examples::statistics, FeatureStatistics::read),
  STATISTICS_HEADER(
      "header.npz",
      () -> part(Examples.statistics(), "statistics.json"),
      header -> Packed.with(Examples.statistics(), "statistics.json", header),
      FeatureStatistics::read),
  CHECKPOINT("checkpoint.md4", Examples::checkpoint, Checkpoint::read),
  CHECKPOINT_HEADER(
      "header.md4",
      () -> part(CHECKPOINT.example(), "checkpoint.json"),
      header -> Packed.with(CHECKPOINT.example(), "checkpoint.json", header),
      Checkpoint::read),
  RUN_CONFIG("config.json", FileForm::runConfig, FileForm::sample),
  METRICS("metrics.jsonl", Examples::metrics, Readers::metrics),
  ONNX("features.onnx", () -> new byte[] {8, 7}, file -> OnnxFeatures.open(file, 8, 8, 3).close());

  private static final Path FOLDER = folder();
  private static final Set<FileForm> READY = ConcurrentHashMap.newKeySet();
  private static final Map<FileForm, byte[]> MADE = new ConcurrentHashMap<>();

  private final String fileName;
  private final Supplier<byte[]> example;
  private final UnaryOperator<byte[]> packing;
  private final Reading.Reader reader;

  FileForm(String fileName, Supplier<byte[]> example, Reading.Reader reader) {
    this(fileName, example, UnaryOperator.identity(), reader);
  }

  FileForm(
      String fileName,
      Supplier<byte[]> example,
      UnaryOperator<byte[]> packing,
      Reading.Reader reader) {
    this.fileName = fileName;
    this.example = example;
    this.packing = packing;
    this.reader = reader;
  }

  /** A sound file, before it is packed; made once. */
  byte[] example() {
    byte[] made = MADE.get(this);
    if (made == null) {
      made = example.get();
      MADE.put(this, made);
    }
    return made.clone();
  }

  /** Gives the reader a file, after the example, with which libraries load what they need. */
  void check(byte[] content) {
    if (READY.add(this)) {
      try {
        read(example());
      } catch (IOException | RuntimeException e) {
        // That of ONNX is no model; whether the others are sound is a test of its own.
      }
    }
    Reading.check(written(content), content, reader);
  }

  /** Reads a file; a refusal passes through. */
  void read(byte[] content) throws IOException {
    reader.read(written(content));
  }

  private Path written(byte[] content) {
    try {
      Path folder = Files.createDirectories(FOLDER.resolve(name()));
      return Files.write(folder.resolve(fileName), packing.apply(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void besideImages(Path labels) throws IOException {
    Path images = labels.resolveSibling(IDX_IMAGES.fileName);
    if (Files.notExists(images)) {
      Files.write(images, Examples.idxImages());
    }
    Readers.images(images);
  }

  private static byte[] packed(Packed.Packing packing) {
    return Packed.by(packing, Examples.WORDS.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] shardsIndex() {
    return fileOfShards(SHARDS);
  }

  private static byte[] shardTokens() {
    return fileOfShards(SHARD_TOKENS);
  }

  private static byte[] fileOfShards(FileForm form) {
    try {
      Path folder = FOLDER.resolve(form.name());
      Examples.shards(folder);
      return Files.readAllBytes(folder.resolve(form.fileName));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] part(byte[] archive, String name) {
    return Objects.requireNonNull(Packed.unzip(archive).get(name));
  }

  private static byte[] runConfig() {
    try {
      Path folder = FOLDER.resolve(RUN_CONFIG.name());
      Examples.run(folder);
      return Files.readAllBytes(folder.resolve(RUN_CONFIG.fileName));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sample(Path config) {
    Path run = config.resolveSibling(".").normalize();
    Readers.command("sample", run.toString(), "--count=1", "--steps=1", "--quiet");
  }

  private static void delete(File folder) {
    File[] inner = folder.listFiles();
    for (File file : inner == null ? new File[0] : inner) {
      delete(file);
    }
    folder.delete();
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("md4-fuzz-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder.toFile())));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package org.md4j.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.ShardSettings;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenShardsWriter;
import org.md4j.data.text.BytePairTraining;
import org.md4j.data.text.TextFile;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.diffusion.Training;
import org.md4j.model.text.TransformerConfig;
import org.md4j.quality.FeatureProvenance;
import org.md4j.quality.FeatureStatistics;
import org.md4j.train.TrainerConfig;
import org.nd4j.linalg.factory.Nd4j;

/** Small sound files of every form. */
final class Examples {
  static final String WORDS = "some words and some more words again and again ".repeat(4);

  private static final int CIFAR_PIXELS = 3 * 32 * 32;

  private Examples() {}

  static byte[] idxImages() {
    return Packed.written(
        out -> {
          out.write(Packed.ints(0x803, 2, 3, 4));
          out.write(new byte[2 * 3 * 4]);
        });
  }

  static byte[] idxLabels() {
    return Packed.written(
        out -> {
          out.write(Packed.ints(0x801, 2));
          out.write(new byte[] {1, 0});
        });
  }

  static byte[] cifar() {
    return new byte[2 * (1 + CIFAR_PIXELS)];
  }

  /** The instructions that Python 2 writes of a batch of one picture with its protocol 2. */
  static byte[] pickle() {
    String before =
        "\u0080\u0002}q\u0001(U\u000bbatch_labelq\u0002U\u0015training batch 1 of 5q\u0003"
            + "U\u0006labelsq\u0004]q\u0005(K\u0003eU\u0004dataq\u0006"
            + "cnumpy.core.multiarray\n_reconstruct\nq\u0007cnumpy\nndarray\nq\bK\u0000\u0085"
            + "U\u0001b\u0087Rq\t(K\u0001K\u0001M\u0000\f\u0086cnumpy\ndtype\nq\nU\u0002u1K\u0000"
            + "K\u0001\u0087Rq\u000b(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ff"
            + "J\u00ff\u00ff\u00ff\u00ffK\u0000tb\u0089T\u0000\f\u0000\u0000";
    return Packed.written(
        out -> {
          out.write(before.getBytes(ISO_8859_1));
          out.write(new byte[CIFAR_PIXELS]);
          out.write("tbU\tfilenamesq\f]q\r(U\u0005a.pngq\u000eeu.".getBytes(ISO_8859_1));
        });
  }

  static byte[] npyData() {
    return Packed.npy("|u1", "2, 12", new byte[2 * 12]);
  }

  static byte[] npyLabels() {
    return Packed.npy("<i8", "2,", Packed.longs(2, 1));
  }

  static byte[] npz(boolean stored) {
    return npz(npyData(), npyLabels(), stored);
  }

  static byte[] npz(byte[] data, byte[] labels, boolean stored) {
    return Packed.zip(Map.of("data.npy", data, "labels.npy", labels), stored);
  }

  static byte[] picture(String format, int type) {
    BufferedImage image = new BufferedImage(9, 8, type);
    for (int i = 0; i < 9 * 8; i++) {
      image.setRGB(i % 9, i / 9, 0xFF000000 | i * 0x030507);
    }
    return Packed.written(out -> ImageIO.write(image, format, out));
  }

  static byte[] png() {
    return picture("png", BufferedImage.TYPE_INT_ARGB);
  }

  static byte[] jpeg() {
    return picture("jpg", BufferedImage.TYPE_INT_RGB);
  }

  static byte[] tar() {
    return tar("labels.tsv", "file\tclass\tname\na.png\t0\tcat\nb.png\t1\tdog\n".getBytes(UTF_8));
  }

  /** Two pictures and what says of which classes they are. */
  static byte[] tar(String name, byte[] labels) {
    byte[] png = picture("png", BufferedImage.TYPE_INT_RGB);
    return Packed.tar(Map.of(name, labels, "a.png", png, "b.png", png));
  }

  static byte[] jsonLines() {
    return """
        {"text": "a document", "id": [1, {"a": null}]}
        {"text": "another \\u00e9\\ud83d\\ude00"}
        """
        .getBytes(UTF_8);
  }

  static byte[] wiki() {
    return """
        <mediawiki><page><title>Cat</title><ns>0</ns><revision><text>A '''cat''' &amp;
        [[dog|dogs]] {{cite|a={{b}}}} &lt;ref&gt;x&lt;/ref&gt;
        == Head ==
        {| class=a
        | b
        |}
        </text></revision></page></mediawiki>
        """
        .getBytes(UTF_8);
  }

  static byte[] rawWikiText() {
    return """
         = Cats =\s

         A cat , " <unk> " , is 1 @.@ 5 @-@ year old .\s

         = = Dogs = =\s
         It 's not a dog ; a dog is one .\s
        """
        .getBytes(UTF_8);
  }

  static byte[] metrics() {
    return """
        {"event":"step","step":1,"bits_per_token":4.5,"gradient_norm":2.5,"seconds":0.5}
        {"event":"evaluation","step":2,"bits_per_token":4.25,"standard_error":0.125}
        {"event":"step","step":3,"bits_per_token":null,"skipped":true}
        {"event":"step","step":4,"bits_per_token":4.0}
        """
        .getBytes(UTF_8);
  }

  static byte[] questions() {
    return "{\"ctx\": \"A cat\", \"endings\": [\"sits\", \"flies\"], \"label\": \"0\"}\n"
        .getBytes(UTF_8);
  }

  static byte[] tokenizer() {
    BytePairTraining training = new BytePairTraining();
    training.add(WORDS);
    return written(training.learn(264)::write);
  }

  static byte[] statistics() {
    FeatureStatistics statistics =
        new FeatureStatistics(
            new FeatureProvenance("pixels", "data", null),
            3,
            Nd4j.createFromArray(0.5, 0.25),
            Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}}));
    return written(statistics::write);
  }

  /** A checkpoint of a network with hardly any parameters, after one step. */
  static byte[] checkpoint() {
    TokenSequence text = TextFile.read("text", new ByteArrayInputStream(WORDS.getBytes(UTF_8)));
    TransformerConfig network =
        TransformerConfig.builder(27, 8).layers(1).heads(1).headSize(4).build();
    TrainerConfig config =
        TrainerConfig.builder(1, 1, 1e-3)
            .optimizer(adamW -> adamW.warmupSteps(0))
            .evaluation(evaluation -> evaluation.rows(1))
            .replicas(1)
            .build();
    try (MaskedDiffusion model =
        MaskedDiffusion.train(text.split(0.5, 0.4), network, Training.of(config))) {
      return written(model::save);
    }
  }

  /** Makes shards in a folder. */
  static void shards(Path folder) {
    ShardSettings settings =
        new ShardSettings(
            "source",
            Sha256.of("source"),
            new Vocabulary(300),
            new TokenizerIdentity("test", Sha256.of("test")),
            299,
            0.25,
            7,
            4);
    try (TokenShardsWriter writer = TokenShardsWriter.open(folder, settings)) {
      for (int document = 0; document < 8; document++) {
        writer.append(new int[] {document, 2, 3}, true);
      }
      writer.finish();
    }
  }

  /** Makes a run in a folder. */
  static void run(Path folder) {
    Readers.command(
        "train",
        "text",
        "--steps=1",
        "--batch=1",
        "--length=8",
        "--ngrams=0",
        "--eval-rows=2",
        "--out=" + folder);
  }

  private static byte[] written(ToFile writing) {
    try {
      Path folder = Files.createTempDirectory("md4-example-");
      Path file = folder.resolve("file");
      writing.write(file);
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      Files.delete(folder);
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface ToFile {
    void write(Path file) throws IOException;
  }
}

package org.md4j.cli.page;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.md4j.data.Tokenizer;
import org.md4j.data.image.ImageShape;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.SamplingTrace;

/** Reports of invented draws. */
final class Reports {
  static final Tokenizer TOKENIZER = new Text27Tokenizer();
  static final int MASK = TOKENIZER.vocabulary().maskId();

  private Reports() {}

  /**
   * Two texts: "abc" drawn backwards from nothing, and "to_" whose blank becomes "x", is masked
   * again and becomes "o".
   */
  static SamplingReport twoTexts(String title) {
    SamplingTrace trace = new SamplingTrace();
    trace.onReveal(new Reveal(0, 1, 1, 2, 2, 0.5, 1.25));
    trace.onReveal(new Reveal(1, 1, 1, 2, 23, 0.125, 3.25));
    trace.onReveal(new Reveal(0, 4, 0.5, 1, 1, 0.75, 0.5));
    trace.onRemask(new Remask(1, 4, 0.5, 2, 23));
    trace.onReveal(new Reveal(0, 9, 0.25, 0, 0, 1, 0));
    trace.onReveal(new Reveal(1, 9, 0.25, 2, 14, 0.875, 0.25));
    SamplingReport report =
        SamplingReport.ofTexts(title, TOKENIZER, Map.of("sampler", "remasking", "steps", "9"));
    report.add("Text 1", new int[] {MASK, MASK, MASK}, trace, 0);
    report.add("Text 2", new int[] {19, 14, MASK}, trace, 1);
    return report;
  }

  /**
   * Two pictures of two pixels side by side: the first drawn from nothing, blue first; in the
   * second the left pixel is given and the red of the right one is drawn, masked again and drawn.
   */
  static SamplingReport twoPictures(String title) {
    SamplingTrace trace = new SamplingTrace();
    int mask = 256;
    int[][] drawn = {{2, 30}, {5, 60}, {1, 20}, {4, 50}, {0, 10}, {3, 40}};
    for (int i = 0; i < drawn.length; i++) {
      int step = 1 + i / 2;
      trace.onReveal(new Reveal(0, step, 1 - step / 4.0, drawn[i][0], drawn[i][1], 0.5, 2));
    }
    trace.onReveal(new Reveal(1, 1, 0.75, 3, 9, 0.5, Math.log(256)));
    trace.onRemask(new Remask(1, 2, 0.5, 3, 9));
    trace.onReveal(new Reveal(1, 3, 0.25, 3, 200, 0.25, Math.log(256) / 2));
    SamplingReport report =
        SamplingReport.ofPictures(
            title, new ImageShape(1, 2, 3), Map.of("sampler", "remasking", "steps", "3"));
    report.add("Picture 1", new int[] {mask, mask, mask, mask, mask, mask}, trace, 0);
    report.add("Picture 2", new int[] {1, 2, 3, mask, 5, 6}, trace, 1);
    return report;
  }

  /** As many texts of one length, every position drawn and masked again in every step. */
  static SamplingReport restless(int texts, int length, int steps) {
    SamplingTrace trace = new SamplingTrace();
    Random random = new Random(1);
    SamplingReport report = SamplingReport.ofTexts("restless", TOKENIZER, Map.of());
    int[] start = new int[length];
    Arrays.fill(start, MASK);
    for (int text = 0; text < texts; text++) {
      for (int step = 1; step <= steps; step++) {
        for (int n = 0; n < length; n++) {
          double time = 1 - (double) step / steps;
          trace.onReveal(
              new Reveal(text, step, time, n, random.nextInt(MASK), random.nextDouble(), time));
          if (step < steps) {
            trace.onRemask(new Remask(text, step, time, n, 0));
          }
        }
      }
      report.add("Text " + (text + 1), start, trace, text);
    }
    return report;
  }
}

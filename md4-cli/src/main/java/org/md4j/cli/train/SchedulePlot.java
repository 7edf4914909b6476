package org.md4j.cli.train;

import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.md4j.data.Tokenizer;
import org.md4j.file.FileReplacement;
import org.md4j.schedule.LearnedPolynomialSchedule;

/**
 * The plot of a learned schedule: on the left the power of each symbol against how frequent it is,
 * on the right alpha over time of the symbols with the least and the greatest power. Needs no
 * display.
 */
public final class SchedulePlot {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 520;
  private static final int INTERVALS = 100;
  private static final int TICK_DISTANCE = 100;

  /** Symbols that can be told apart in a plot. */
  private static final int MOST_NAMED = 300;

  private static final char VISIBLE_SPACE = '\u2423';
  private static final Color LEAST = new Color(0x3b, 0x6e, 0xa8);
  private static final Color GREATEST = new Color(0xc4, 0x4e, 0x2c);

  private SchedulePlot() {}

  /**
   * Draws the plot into a PNG file.
   *
   * @param frequencies share of each symbol in the training text, [V]; a symbol that is not in it
   *     has no place on the logarithmic axis and is left out on the left
   * @param tokenizer has a character for each symbol
   */
  public static void write(
      LearnedPolynomialSchedule schedule, double[] frequencies, Tokenizer tokenizer, Path png)
      throws IOException {
    if (frequencies.length != schedule.vocabulary().size()) {
      throw new IllegalArgumentException(
          "frequencies must have shape [V] = [%d], got [%d]"
              .formatted(schedule.vocabulary().size(), frequencies.length));
    }
    IntFunction<String> symbols = token -> symbol(tokenizer, token);
    write(List.of(powers(schedule, frequencies, symbols), extremes(schedule, symbols)), png);
  }

  /**
   * Draws the plot of a schedule of colours, the power of each of their values, into a PNG file.
   */
  public static void writeValues(LearnedPolynomialSchedule schedule, Path png) throws IOException {
    write(List.of(powers(schedule), extremes(schedule, Integer::toString)), png);
  }

  private static void write(List<XYChart> charts, Path png) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(charts, 1, charts.size(), image, BitmapFormat.PNG);
    FileReplacement.writeOut(png, image::writeTo);
  }

  /** A line through all values, which have an order as symbols have not. */
  private static XYChart powers(LearnedPolynomialSchedule schedule) {
    XYChart chart = chart("value", "power w");
    chart.getStyler().setLegendVisible(false);
    int[] values = IntStream.range(0, schedule.vocabulary().size()).toArray();
    chart
        .addSeries(
            "values",
            IntStream.of(values).asDoubleStream().toArray(),
            IntStream.of(values).mapToDouble(schedule::power).toArray())
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(LEAST);
    return chart;
  }

  /** A point for each symbol, and its character unless there are too many. */
  private static XYChart powers(
      LearnedPolynomialSchedule schedule, double[] frequencies, IntFunction<String> symbols) {
    XYChart chart = chart("share of the training text", "power w");
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setAnnotationTextFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    int[] seen =
        IntStream.range(0, frequencies.length).filter(token -> frequencies[token] > 0).toArray();
    chart
        .addSeries(
            "symbols",
            IntStream.of(seen).mapToDouble(token -> frequencies[token]).toArray(),
            IntStream.of(seen).mapToDouble(schedule::power).toArray())
        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(new Color(0xd0, 0xde, 0xee));
    for (int token : seen.length <= MOST_NAMED ? seen : new int[0]) {
      chart.addAnnotation(
          new AnnotationText(
              symbols.apply(token), frequencies[token], schedule.power(token), false));
    }
    return chart;
  }

  /** alpha of the symbols with the least and the greatest power, or of all if they share one. */
  private static XYChart extremes(LearnedPolynomialSchedule schedule, IntFunction<String> symbols) {
    XYChart chart = chart("time t", "alpha: probability of not being masked");
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setXAxisTickMarkSpacingHint(TICK_DISTANCE);
    if (schedule.isTied()) {
      addAlpha(chart, schedule, "all symbols", 0, LEAST);
      return chart;
    }
    Comparator<Integer> byPower = Comparator.comparingDouble(schedule::power);
    List<Integer> tokens = IntStream.range(0, schedule.vocabulary().size()).boxed().toList();
    int greatest = tokens.stream().max(byPower).orElseThrow();
    int least = tokens.stream().min(byPower).orElseThrow();
    addAlpha(chart, schedule, "greatest: " + symbols.apply(greatest), greatest, GREATEST);
    addAlpha(chart, schedule, "least: " + symbols.apply(least), least, LEAST);
    return chart;
  }

  private static void addAlpha(
      XYChart chart, LearnedPolynomialSchedule schedule, String name, int token, Color color) {
    double[] times =
        IntStream.rangeClosed(0, INTERVALS).mapToDouble(i -> (double) i / INTERVALS).toArray();
    double[] alphas =
        IntStream.range(0, times.length)
            .mapToDouble(i -> schedule.alpha(times[i], token))
            .toArray();
    chart
        .addSeries(
            String.format(Locale.ROOT, "%s, w = %.3f", name, schedule.power(token)), times, alphas)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(color);
  }

  private static XYChart chart(String xAxis, String yAxis) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    return chart;
  }

  private static String symbol(Tokenizer tokenizer, int token) {
    return tokenizer.decode(new int[] {token}).replace(' ', VISIBLE_SPACE);
  }
}

package org.md4j.examples.study;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The study's plot: bits a character against network evaluations, a line a sampler. */
final class StudyPlot {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 640;
  private static final String HELD_OUT = "held-out text";

  private StudyPlot() {}

  /** Draws the plot into a PNG file; needs no display. At least one row. */
  static void write(StudyReport report, Path png) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("network evaluations a text")
            .yAxisTitle("bits a character under the character model")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    // The axis has the logarithm to the base 2, so that its whole numbers are the usual numbers of
    // steps; XChart's own logarithmic axis labels powers of ten only.
    chart.getStyler().setxAxisTickLabelsFormattingFunction(StudyPlot::evaluations);
    linesOf(report).forEach((line, rows) -> add(chart, line, rows));
    addHeldOut(chart, report);
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, image, BitmapFormat.PNG);
    Files.write(png, image.toByteArray());
  }

  private static Map<String, List<StudyRow>> linesOf(StudyReport report) {
    return report.rows().stream()
        .collect(Collectors.groupingBy(StudyRow::line, LinkedHashMap::new, Collectors.toList()));
  }

  private static void add(XYChart chart, String line, List<StudyRow> rows) {
    List<StudyRow> sorted =
        rows.stream().sorted(Comparator.comparingDouble(StudyRow::evaluationsPerText)).toList();
    chart.addSeries(
        line,
        sorted.stream().mapToDouble(row -> log2(row.evaluationsPerText())).toArray(),
        sorted.stream().mapToDouble(row -> row.quality().bitsPerCharacter()).toArray(),
        sorted.stream().mapToDouble(row -> row.quality().standardError()).toArray());
  }

  private static void addHeldOut(XYChart chart, StudyReport report) {
    double[] evaluations =
        report.rows().stream().mapToDouble(StudyRow::evaluationsPerText).sorted().toArray();
    double bits = report.heldOut().bitsPerCharacter();
    chart
        .addSeries(
            HELD_OUT,
            new double[] {log2(evaluations[0]), log2(evaluations[evaluations.length - 1])},
            new double[] {bits, bits})
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(Color.DARK_GRAY)
        .setLineStyle(
            new BasicStroke(
                1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {6, 4}, 0));
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /** Evaluations at a whole number of the axis; nothing between. */
  private static String evaluations(double log2) {
    return log2 == Math.rint(log2) ? String.valueOf(Math.round(Math.pow(2, log2))) : "";
  }
}

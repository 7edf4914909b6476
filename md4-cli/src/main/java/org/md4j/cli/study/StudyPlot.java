package org.md4j.cli.study;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.md4j.file.FileReplacement;

/** A study's plot: quality against effort on a scale of powers of two, a line a sampler. */
final class StudyPlot implements Plot {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 640;

  /** The length of the axis in pixels, no more than what the legend leaves of the width. */
  private static final int AXIS = 700;

  /** A measurement; an error of zero is none. */
  private record Point(double effort, double quality, double error) {}

  private final String effort;
  private final String quality;
  private final String floorName;
  private final double floor;
  private final Map<String, List<Point>> lines = new LinkedHashMap<>();

  /**
   * A plot of nothing yet.
   *
   * @param effort title of the axis
   * @param quality title of the other axis
   * @param floorName what real data is called
   * @param floor the quality of real data
   */
  StudyPlot(String effort, String quality, String floorName, double floor) {
    this.effort = effort;
    this.quality = quality;
    this.floorName = floorName;
    this.floor = floor;
  }

  /**
   * Adds a point to a line.
   *
   * @param effort positive
   * @param error of the quality; 0 if it is not known
   */
  void add(String line, double effort, double quality, double error) {
    lines.computeIfAbsent(line, name -> new ArrayList<>()).add(new Point(effort, quality, error));
  }

  /** Draws at least one point. */
  @Override
  public void write(Path png) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(effort)
            .yAxisTitle(quality)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    // The axis has the logarithm to the base 2, so that its whole numbers are the usual numbers of
    // steps; XChart's own logarithmic axis labels powers of ten only.
    chart.getStyler().setxAxisTickLabelsFormattingFunction(StudyPlot::powerOfTwo);
    limitToPowersOfTwo(chart);
    lines.forEach((line, points) -> add(chart, line, points));
    addFloor(chart);
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, image, BitmapFormat.PNG);
    FileReplacement.writeOut(png, image::writeTo);
  }

  /**
   * Ends the axis at whole numbers and asks for no ticks between them: XChart leaves out all labels
   * if two, such as the blank ones, are the same.
   */
  private void limitToPowersOfTwo(XYChart chart) {
    DoubleSummaryStatistics efforts =
        lines.values().stream()
            .flatMap(Collection::stream)
            .mapToDouble(point -> log2(point.effort()))
            .summaryStatistics();
    double from = Math.floor(efforts.getMin());
    double to = Math.max(from + 1, Math.ceil(efforts.getMax()));
    chart.getStyler().setXAxisMin(from).setXAxisMax(to);
    chart.getStyler().setXAxisTickMarkSpacingHint((int) (AXIS / (to - from)));
  }

  private static void add(XYChart chart, String line, List<Point> points) {
    List<Point> sorted = points.stream().sorted(Comparator.comparingDouble(Point::effort)).toList();
    double[] efforts = values(sorted, point -> log2(point.effort()));
    double[] qualities = values(sorted, Point::quality);
    if (sorted.stream().allMatch(point -> point.error() == 0)) {
      chart.addSeries(line, efforts, qualities);
    } else {
      chart.addSeries(line, efforts, qualities, values(sorted, Point::error));
    }
  }

  private void addFloor(XYChart chart) {
    double[] efforts =
        lines.values().stream()
            .flatMap(Collection::stream)
            .mapToDouble(Point::effort)
            .sorted()
            .toArray();
    chart
        .addSeries(
            floorName,
            new double[] {log2(efforts[0]), log2(efforts[efforts.length - 1])},
            new double[] {floor, floor})
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(Color.DARK_GRAY)
        .setLineStyle(
            new BasicStroke(
                1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {6, 4}, 0));
  }

  private static double[] values(List<Point> points, ToDoubleFunction<Point> value) {
    return points.stream().mapToDouble(value).toArray();
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /** The number at a whole number of the axis; a blank between, as XChart fails on no text. */
  private static String powerOfTwo(double log2) {
    return log2 == Math.rint(log2) ? String.valueOf(Math.round(Math.pow(2, log2))) : " ";
  }
}

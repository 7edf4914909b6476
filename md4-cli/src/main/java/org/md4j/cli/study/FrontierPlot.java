package org.md4j.cli.study;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.md4j.file.FileReplacement;

/**
 * What texts cost under a judge against how varied they are, a line for each number of steps: the
 * further down and to the right, the better. Real text is a point of its own.
 */
final class FrontierPlot implements Plot {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 640;

  /** A measurement. */
  private record Point(double variety, double cost) {}

  private final String variety;
  private final String cost;
  private final Map<String, List<Point>> lines = new LinkedHashMap<>();

  /**
   * A plot of nothing yet.
   *
   * @param variety title of the axis across
   * @param cost title of the axis up
   */
  FrontierPlot(String variety, String cost) {
    this.variety = variety;
    this.cost = cost;
  }

  /** Adds a point to a line, which joins them in this order. */
  void add(String line, double variety, double cost) {
    lines.computeIfAbsent(line, name -> new ArrayList<>()).add(new Point(variety, cost));
  }

  /** Draws at least one point. */
  @Override
  public void write(Path png) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(variety)
            .yAxisTitle(cost)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    lines.forEach((line, points) -> add(chart, line, points));
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, image, BitmapFormat.PNG);
    FileReplacement.writeOut(png, image::writeTo);
  }

  private static void add(XYChart chart, String line, List<Point> points) {
    chart
        .addSeries(
            line,
            points.stream().mapToDouble(Point::variety).toArray(),
            points.stream().mapToDouble(Point::cost).toArray())
        .setMarker(points.size() == 1 ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE);
  }
}

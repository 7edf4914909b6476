package org.md4j.cli.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.md4j.cli.run.RunKind;
import org.md4j.file.FileReplacement;

/**
 * The plot of a run, made from its metrics file: training and validation bits a token over steps.
 * Needs no display.
 */
public final class TrainingCurve {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int MOST_POINTS = 120;

  private final List<Double> steps = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> validationSteps = new ArrayList<>();
  private final List<Double> validation = new ArrayList<>();
  private final List<Double> validationError = new ArrayList<>();

  private TrainingCurve() {}

  /** Reads a metrics file. */
  public static TrainingCurve read(Path metrics) throws IOException {
    ObjectMapper json = new ObjectMapper();
    TrainingCurve curve = new TrainingCurve();
    try (BufferedReader lines = Files.newBufferedReader(metrics)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        curve.add(json.readTree(line));
      }
    }
    return curve;
  }

  /** The steps that validation was evaluated at. */
  public List<Double> validationSteps() {
    return List.copyOf(validationSteps);
  }

  /** Validation bits a token of the EMA weights, at each of {@link #validationSteps}. */
  public List<Double> validation() {
    return List.copyOf(validation);
  }

  /** Draws the plot into a PNG file. */
  public void write(Path png, RunKind kind) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("step")
            .yAxisTitle(kind.unit())
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    if (!losses.isEmpty()) {
      XYSeries series = chart.addSeries("training", averages(steps), averages(losses));
      series.setMarker(SeriesMarkers.NONE).setLineColor(new Color(0x9e, 0xb8, 0xd9));
    }
    if (!validation.isEmpty()) {
      XYSeries series =
          chart.addSeries("validation (EMA weights)", validationSteps, validation, validationError);
      series.setMarker(SeriesMarkers.CIRCLE).setLineColor(new Color(0xc4, 0x4e, 0x2c));
      series.setMarkerColor(new Color(0xc4, 0x4e, 0x2c));
    }
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, image, BitmapFormat.PNG);
    FileReplacement.writeOut(png, image::writeTo);
  }

  private void add(JsonNode line) {
    if (!line.path("bits_per_token").isNumber()) {
      return;
    }
    double step = line.path("step").asDouble();
    double bits = line.path("bits_per_token").asDouble();
    if (line.path("event").asText().equals("evaluation")) {
      validationSteps.add(step);
      validation.add(bits);
      validationError.add(line.path("standard_error").asDouble());
    } else {
      steps.add(step);
      losses.add(bits);
    }
  }

  /** The means of consecutive groups of values: single steps are too noisy to read. */
  private static List<Double> averages(List<Double> values) {
    int group = (values.size() + MOST_POINTS - 1) / MOST_POINTS;
    List<Double> averages = new ArrayList<>();
    for (int from = 0; from < values.size(); from += group) {
      List<Double> part = values.subList(from, Math.min(from + group, values.size()));
      averages.add(part.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
    }
    return averages;
  }
}

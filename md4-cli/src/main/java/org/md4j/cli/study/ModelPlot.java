package org.md4j.cli.study;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.md4j.cli.train.TrainingCurve;
import org.md4j.file.FileReplacement;

/**
 * The learning curves of several models in one picture, a line a model: the mean over its seeds.
 */
public final class ModelPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 620;

  /**
   * One line.
   *
   * @param curves of the model's runs, at least one, evaluated at the same steps
   * @param rowsPerStep given to the network in a step of training
   */
  public record Line(List<TrainingCurve> curves, int rowsPerStep) {
    /** Takes the curves as they are now. */
    public Line {
      curves = List.copyOf(curves);
    }

    private List<Double> evaluations() {
      return curves.get(0).validationSteps().stream().map(step -> step * rowsPerStep).toList();
    }

    private List<Double> means() {
      return IntStream.range(0, curves.get(0).validation().size())
          .mapToObj(i -> curves.stream().mapToDouble(curve -> curve.validation().get(i)).average())
          .map(OptionalDouble::orElseThrow)
          .toList();
    }
  }

  private ModelPlot() {}

  /** Draws the plot into a PNG file; needs no display. At least one line. */
  public static void write(Map<StudyModel, Line> lines, Path png) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("network evaluations in training, rows")
            .yAxisTitle("validation bits a character, EMA weights")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    lines.forEach(
        (model, line) -> chart.addSeries(model.toString(), line.evaluations(), line.means()));
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, image, BitmapFormat.PNG);
    FileReplacement.writeOut(png, image::writeTo);
  }
}

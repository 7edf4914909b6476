import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Says how flat the memory and how even the speed of a training were, and draws both. */
public final class Soak {
  private static final double SETTLED_SECONDS = 600;
  private static final double EVEN = 0.05;
  private static final double MINUTE = 60;
  private static final int STEPS_TOGETHER = 20;

  private Soak() {}

  /** Takes the folder that soak.sh wrote. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<double[]> memory = memory(folder.resolve("memory.tsv"));
    List<double[]> speed = speed(folder.resolve("run").resolve("metrics.jsonl"));

    double end = memory.get(memory.size() - 1)[1];
    double settled =
        memory.stream()
            .filter(point -> point[0] >= SETTLED_SECONDS)
            .findFirst()
            .orElse(memory.get(memory.size() / 2))[1];
    double[] ascending = speed.stream().mapToDouble(point -> point[1]).sorted().toArray();
    double median = ascending[ascending.length / 2];
    long even =
        Arrays.stream(ascending).filter(value -> Math.abs(value / median - 1) <= EVEN).count();
    System.out.printf(
        Locale.ROOT,
        "resident after 10 minutes %,.0f MB, at the end %,.0f MB: %+.2f %%%n",
        settled / 1024,
        end / 1024,
        100 * (end / settled - 1));
    System.out.printf(
        Locale.ROOT,
        "steps a second %.3f (median of means of %d), %.1f %% of them within 5 %% of it%n",
        median,
        STEPS_TOGETHER,
        100.0 * even / ascending.length);

    XYChart resident = chart("resident, MB");
    add(resident, memory, 1.0 / 1024);
    XYChart steps = chart("steps a second");
    add(steps, speed, 1);
    BitmapEncoder.saveBitmap(
        List.of(resident, steps), 2, 1, folder.resolve("soak.png").toString(), BitmapFormat.PNG);
  }

  private static XYChart chart(String title) {
    XYChart chart =
        new XYChartBuilder().width(900).height(300).xAxisTitle("minutes").yAxisTitle(title).build();
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static void add(XYChart chart, List<double[]> points, double unit) {
    chart
        .addSeries(
            "a",
            points.stream().mapToDouble(point -> point[0] / MINUTE).toArray(),
            points.stream().mapToDouble(point -> point[1] * unit).toArray())
        .setMarker(SeriesMarkers.NONE);
  }

  /** Seconds and kilobytes. */
  private static List<double[]> memory(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(line -> Arrays.stream(line.split("\t")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  /** Seconds of training and steps a second, of several steps together. */
  private static List<double[]> speed(Path metrics) throws IOException {
    List<double[]> points = new ArrayList<>();
    double seconds = 0;
    double together = 0;
    int steps = 0;
    for (String line : Files.readAllLines(metrics)) {
      JsonNode event = new ObjectMapper().readTree(line);
      if (event.path("event").asText().equals("step")) {
        seconds += event.path("seconds").asDouble();
        together += event.path("seconds").asDouble();
        steps++;
        if (steps == STEPS_TOGETHER) {
          points.add(new double[] {seconds, steps / together});
          together = 0;
          steps = 0;
        }
      }
    }
    return points;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.awt.Color;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.w3c.dom.Document;

/** Draws the result: XChart's charts, written as SVG by Batik (docs/decisions/0017). */
final class Charts {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;

  /** Hues so far apart are told apart, however many there are. */
  private static final float GOLDEN = 0.618034f;

  private static final double LEAST_RECALL = 0.8;

  private final AnnResult result;
  private final Path folder;
  private final List<String> written = new ArrayList<>();

  private Charts(AnnResult result, Path folder) {
    this.result = result;
    this.folder = folder;
  }

  /** Writes all charts there is data for; their paths relative to the folder's parent. */
  static List<String> write(AnnResult result, Path folder) throws IOException {
    Files.createDirectories(folder);
    Charts charts = new Charts(result, folder);
    for (String data : result.sets()) {
      charts.speed(data);
      charts.bytes(data);
    }
    charts.growth("query", "µs per query at recall@10 " + Growth.RECALL, Growth::queryMicros);
    charts.growth("build", "build, CPU seconds", (growth, index) -> index.buildCpuSeconds());
    charts.growth("heap", "heap, MB", (growth, index) -> index.heapBytes() / 1e6);
    return charts.written;
  }

  private void speed(String data) throws IOException {
    XYChart chart = chart(data, "recall@10", "queries/s, one thread");
    chart.getStyler().setYAxisLogarithmic(true);
    for (AnnResult.Index index : result.on(data)) {
      List<AnnResult.Point> points =
          result.curve(data, index.candidate(), null, 10).points().stream()
              .filter(point -> point.recall() >= LEAST_RECALL)
              .toList();
      add(chart, index, points, AnnResult.Point::recall, AnnResult.Point::queriesPerSecond);
    }
    save(chart, data + "-speed");
  }

  private void bytes(String data) throws IOException {
    XYChart chart = chart(data, "recall@10 with default settings", "bytes searched per vector");
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setYAxisLogarithmic(true);
    for (AnnResult.Index index : result.on(data)) {
      List<AnnResult.Point> point =
          result.byDefault(data, index.candidate(), null, 10).stream().toList();
      add(chart, index, point, AnnResult.Point::recall, any -> index.searchedBytes());
    }
    save(chart, data + "-bytes");
  }

  @FunctionalInterface
  private interface Figure {
    double of(Growth growth, AnnResult.Index index);
  }

  private void growth(String name, String axis, Figure figure) throws IOException {
    XYChart chart = chart("Growth, clustered sets of 64 dimensions", "vectors", axis);
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    for (String candidate :
        result.indices().stream().map(AnnResult.Index::candidate).distinct().toList()) {
      Growth growth = new Growth(result, candidate, 64);
      List<AnnResult.Index> sizes =
          growth.sizes().stream().filter(index -> figure.of(growth, index) > 0).toList();
      if (sizes.size() >= 2) {
        add(
            chart,
            sizes.get(0),
            sizes,
            AnnResult.Index::vectors,
            index -> figure.of(growth, index));
      }
    }
    save(chart, "growth-" + name);
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .theme(Styler.ChartTheme.GGPlot2)
            .build();
    chart.getStyler().setMarkerSize(6);
    return chart;
  }

  private static <T> void add(
      XYChart chart,
      AnnResult.Index index,
      List<T> points,
      ToDoubleFunction<T> x,
      ToDoubleFunction<T> y) {
    if (!points.isEmpty()) {
      int number = chart.getSeriesCollection().size();
      XYSeries series =
          chart.addSeries(
              index.candidate(),
              points.stream().mapToDouble(x).toArray(),
              points.stream().mapToDouble(y).toArray());
      Color color = Color.getHSBColor(number * GOLDEN, 0.85f, number % 2 == 0 ? 0.85f : 0.55f);
      series.setMarkerColor(color);
      series.setLineColor(color);
      series.setLineStyle(
          index.side() == Candidate.Side.OURS ? SeriesLines.SOLID : SeriesLines.DASH_DASH);
    }
  }

  private void save(XYChart chart, String name) throws IOException {
    if (chart.getSeriesCollection().isEmpty()) {
      return;
    }
    Document document;
    try {
      document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
    wholeDecades(chart);
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setPrecision(1);
    context.setComment("Drawn from the JSON beside it");
    SVGGraphics2D graphics = new SVGGraphics2D(context, false);
    chart.paint(graphics, WIDTH, HEIGHT);
    VectorFile.write(
        folder.resolve(name + ".svg"),
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          graphics.stream(writer, true);
          writer.flush();
        });
    written.add(folder.getFileName() + "/" + name + ".svg");
  }

  /** A logarithmic axis has numbers at powers of ten only: two of them at least should show. */
  private static void wholeDecades(XYChart chart) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (XYSeries series : chart.getSeriesCollection()) {
      for (double value : series.getYData()) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    double bottom = Math.floor(Math.log10(least));
    chart.getStyler().setYAxisMin(Math.pow(10, bottom));
    chart.getStyler().setYAxisMax(Math.pow(10, Math.max(bottom + 1, Math.ceil(Math.log10(most)))));
  }
}

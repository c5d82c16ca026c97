/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.affinity.bench.report.ReportCommand;
import org.affinity.bench.report.VecsFile;
import org.affinity.quantization.Estimator;
import org.affinity.quantization.Metric;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.ReconstructionError;
import org.affinity.quantization.VectorEncoder;
import picocli.CommandLine;

/**
 * Seconds of training a plain product quantizer on one thread, its error on the same vectors, and
 * vectors encoded per second: what {@code study/faiss_train.py} prints of Faiss.
 */
@CommandLine.Command(
    name = "trainer",
    mixinStandardHelpOptions = true,
    description = "Training time and error on the vectors of a file.")
public final class TrainerReport extends ReportCommand {

  @CommandLine.Parameters(description = "Vectors, .fvecs or .fvecs.gz.")
  private List<Path> files;

  @CommandLine.Option(names = "-m", description = "Codes per vector.", defaultValue = "16")
  private int m;

  @CommandLine.Option(names = "--limit", description = "Vectors.", defaultValue = "100000")
  private int limit;

  @CommandLine.Option(names = "--rounds", description = "Trainings.", defaultValue = "3")
  private int rounds;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md beside it.")
  private Path out;

  /** One line of the report. */
  record Line(
      String file,
      int vectors,
      double cpuSeconds,
      double meanSquaredError,
      double encodesPerSecond) {}

  /** Starts the report. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new TrainerReport()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    refuseIf(rounds < 1, "--rounds must be at least 1");
    refuseUnlessJson(out);
    row("| file | vectors | CPU s | mean squared error | encode/s |");
    row("| --- | --- | --- | --- | --- |");
    List<Line> lines = new ArrayList<>();
    for (Path file : files) {
      List<float[]> all = VecsFile.vectors(file);
      List<float[]> vectors = all.subList(0, Math.min(limit, all.size()));
      for (int round = 0; round < rounds; round++) {
        Line line = train(file.getFileName().toString(), vectors);
        lines.add(line);
        row(
            "| %s | %d | %.2f | %.5f | %.0f |",
            line.file(),
            line.vectors(),
            line.cpuSeconds(),
            line.meanSquaredError(),
            line.encodesPerSecond());
      }
    }
    write(out, "Training a quantizer", Map.of("lines", lines));
    return 0;
  }

  private Line train(String name, List<float[]> vectors) {
    PqParameters parameters = new PqParameters(vectors.get(0).length, m);
    long start = cpuNanos();
    ProductQuantizer quantizer =
        new ProductQuantizerTrainer(parameters, Metric.L2, 42)
            .withEstimator(Estimator.PLAIN)
            .train(vectors);
    double seconds = (cpuNanos() - start) / 1e9;
    VectorEncoder encoder = quantizer.encoder();
    byte[] record = new byte[quantizer.recordLength()];
    start = cpuNanos();
    for (float[] vector : vectors) {
      encoder.encode(vector, record, 0);
    }
    double perSecond = vectors.size() / ((cpuNanos() - start) / 1e9);
    double error = ReconstructionError.of(quantizer, vectors).meanSquared();
    return new Line(name, vectors.size(), seconds, error, perSecond);
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}

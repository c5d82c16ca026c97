/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.affinity.ann.search.VectorSpace;
import org.affinity.bench.report.ReportCommand;
import org.affinity.bench.report.VecsFile;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.Estimator;
import org.affinity.quantization.Metric;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.ReservoirSampler;
import org.affinity.quantization.Training;
import org.affinity.quantization.VectorEncoder;
import picocli.CommandLine;

/**
 * What product quantization keeps: recall@10 of an exhaustive scan of codes alone and after exact
 * rescoring of ten times as many, by bytes per vector; what the trainer chose, and how long it and
 * the encoder took. A hit that scores as well as the tenth right one is right, so ties count.
 */
@CommandLine.Command(
    name = "quantization",
    mixinStandardHelpOptions = true,
    description = "Recall of codes alone and rescored, by data set and bytes per vector.")
public final class QuantizationReport extends ReportCommand {

  private static final int K = 10;
  private static final int OVERSAMPLE = 10;
  private static final long SEED = 42;

  @CommandLine.Option(
      names = "--data",
      description = "Folder of the data sets; generated vectors without it.")
  private Path data;

  @CommandLine.Option(names = "--sets", split = ",", description = "Only these data sets.")
  private List<String> only = List.of();

  @CommandLine.Option(names = "--queries", description = "At most.", defaultValue = "500")
  private int queries;

  @CommandLine.Option(names = "--size", description = "Generated vectors.", defaultValue = "5000")
  private int size;

  @CommandLine.Option(
      names = "--estimator",
      description =
          "Instead of the trainer's choice: rotated, direction, scalar, residual or plain.",
      split = "\\+")
  private List<String> estimator;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md beside it.")
  private Path out;

  /**
   * A data set to measure.
   *
   * @param ms bytes of code
   * @param querySample queries to choose the estimator by, none of them asked; empty for none
   */
  private record Case(Dataset dataset, List<Integer> ms, List<float[]> querySample) {}

  /** One line of the report. */
  record Line(
      String data,
      int codeBytes,
      int bytesPerVector,
      double recallOfCodes,
      double recallRescored,
      String estimator,
      Map<String, Float> trials,
      double relativeError,
      double trainSeconds,
      double encodesPerSecond) {}

  /** Starts the report. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new QuantizationReport()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    refuseUnlessJson(out);
    List<Line> lines = new ArrayList<>();
    row(
        "| data | bytes of code | bytes | codes alone | rescored | estimator | train s | encode/s |");
    row("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (String name : data == null ? List.of("generated") : names()) {
      Case each = load(name);
      for (int m : each.ms()) {
        Line line = measure(each, m);
        lines.add(line);
        row(
            "| %s | %d | %d | %.3f | %.4f | %s | %.1f | %.0f |",
            line.data(),
            line.codeBytes(),
            line.bytesPerVector(),
            line.recallOfCodes(),
            line.recallRescored(),
            line.estimator(),
            line.trainSeconds(),
            line.encodesPerSecond());
      }
    }
    write(
        out,
        "Recall of codes",
        Map.of("k", K, "oversample", OVERSAMPLE, "seed", SEED, "lines", lines));
    return 0;
  }

  private List<String> names() {
    return only.isEmpty() ? List.of("goodbooks", "glove", "icecat", "fashion", "movies") : only;
  }

  private Case load(String name) throws IOException {
    return switch (name) {
      case "generated" ->
          new Case(Dataset.generated(size, 64, 50, K, SEED), List.of(16), List.of());
      case "goodbooks" -> {
        Path folder = data.resolve("goodbooks");
        List<float[]> asked = VecsFile.vectors(folder.resolve("mips-query-als64-gen2.fvecs.gz"));
        List<float[]> users = VecsFile.vectors(folder.resolve("user-als64-gen2.fvecs.gz"));
        users.removeIf(user -> asked.stream().anyMatch(query -> Arrays.equals(query, user)));
        yield of(
            "goodbooks 64-d, user to item",
            VectorSpace.INNER_PRODUCT,
            VecsFile.vectors(folder.resolve("item-als64-gen2.fvecs.gz")),
            asked,
            List.of(16, 8),
            sample(users));
      }
      case "glove" -> {
        Path folder = data.resolve("glove-6b-100d");
        yield of(
            "GloVe-100, cosine",
            VectorSpace.COSINE,
            VecsFile.vectors(folder.resolve("base.fvecs.gz")),
            VecsFile.vectors(folder.resolve("query.fvecs.gz")),
            List.of(25, 12),
            List.of());
      }
      case "icecat" -> {
        Path folder = data.resolve("icecat-chorus");
        yield of(
            "Icecat MiniLM-384, cosine, text to product",
            VectorSpace.COSINE,
            VecsFile.vectors(folder.resolve("product-minilm384.fvecs.gz")),
            VecsFile.vectors(folder.resolve("query-minilm384.fvecs.gz")),
            List.of(48, 24),
            List.of());
      }
      case "fashion" -> {
        Path folder = data.resolve("fashion-mnist-784");
        yield of(
            "fashion-mnist-784, l2",
            VectorSpace.L2,
            VecsFile.vectors(folder.resolve("base.bvecs.gz")),
            VecsFile.vectors(folder.resolve("query.bvecs.gz")),
            List.of(98, 49),
            List.of());
      }
      case "movies" -> {
        Path ratings = data.resolve("movietweetings").resolve("ratings.dat.gz");
        RatingFactors factors = RatingFactors.ofMovieTweetings(ratings, 128, SEED);
        List<float[]> asked = factors.users().subList(0, queries);
        List<float[]> others = factors.users().subList(queries, factors.users().size());
        yield of(
            "mixed norms: MovieTweetings SVD 128-d, user to item",
            VectorSpace.INNER_PRODUCT,
            factors.items(),
            asked,
            List.of(32, 16),
            sample(others));
      }
      default -> throw new CommandLine.ParameterException(commandLine(), "no set " + name);
    };
  }

  private Case of(
      String name,
      VectorSpace space,
      List<float[]> base,
      List<float[]> asked,
      List<Integer> ms,
      List<float[]> querySample) {
    List<float[]> first = asked.subList(0, Math.min(queries, asked.size()));
    return new Case(Dataset.of(name, space, base, first, K), ms, querySample);
  }

  private static List<float[]> sample(List<float[]> vectors) {
    ReservoirSampler sampler = new ReservoirSampler(1000, SEED);
    vectors.forEach(sampler::add);
    return sampler.sample();
  }

  private Line measure(Case each, int m) {
    Dataset dataset = each.dataset();
    PqParameters parameters = new PqParameters(dataset.base().get(0).length, m);
    Metric metric =
        switch (dataset.space()) {
          case L2 -> Metric.L2;
          case COSINE -> Metric.COSINE;
          case INNER_PRODUCT -> Metric.INNER_PRODUCT;
        };
    ReservoirSampler sampler = new ReservoirSampler(ProductQuantizerTrainer.MAXIMUM_SAMPLE, SEED);
    dataset.base().forEach(sampler::add);
    ProductQuantizerTrainer trainer =
        new ProductQuantizerTrainer(parameters, metric, SEED).withQueries(each.querySample());
    if (estimator != null) {
      trainer =
          trainer.withEstimator(
              new Estimator(
                  estimator.contains("rotated"),
                  estimator.contains("direction"),
                  estimator.contains("scalar"),
                  estimator.contains("residual")));
    }
    long start = System.nanoTime();
    ProductQuantizer quantizer = trainer.train(sampler.sample());
    double trainSeconds = (System.nanoTime() - start) / 1e9;

    byte[] records = new byte[dataset.base().size() * quantizer.recordLength()];
    VectorEncoder encoder = quantizer.encoder();
    start = System.nanoTime();
    for (int i = 0; i < dataset.base().size(); i++) {
      encoder.encode(dataset.base().get(i), records, i * quantizer.recordLength());
    }
    double encodesPerSecond = dataset.base().size() / ((System.nanoTime() - start) / 1e9);
    double[] recall = recall(dataset, quantizer, records);
    Map<String, Float> trials = new TreeMap<>();
    for (Training.Trial trial : quantizer.training().trials()) {
      trials.put(words(trial.estimator()), trial.recall());
    }
    return new Line(
        dataset.name(),
        m,
        quantizer.recordLength(),
        recall[0],
        recall[1],
        words(quantizer.estimator()),
        trials,
        quantizer.training().error().relative(),
        trainSeconds,
        encodesPerSecond);
  }

  /** Of codes alone, and after rescoring. */
  private static double[] recall(Dataset dataset, ProductQuantizer quantizer, byte[] records) {
    int length = quantizer.recordLength();
    int count = dataset.base().size();
    float[] scores = new float[count];
    int alone = 0;
    int rescored = 0;
    for (int q = 0; q < dataset.queries().size(); q++) {
      float[] query = dataset.queries().get(q);
      DistanceTable table = quantizer.bind(query);
      for (int i = 0; i < count; i++) {
        scores[i] = table.score(records, i * length);
      }
      int right = 0;
      int place = 0;
      for (int i : best(scores, K * OVERSAMPLE)) {
        VectorSpace space = dataset.space();
        float exact = space.score(space.signal(query, dataset.base().get(i)));
        if (exact >= dataset.kthScores()[q]) {
          right++;
          alone += place < K ? 1 : 0;
        }
        place++;
      }
      rescored += Math.min(K, right);
    }
    double total = (double) K * dataset.queries().size();
    return new double[] {alone / total, rescored / total};
  }

  /** Numbers of the largest scores, the best first. */
  private static int[] best(float[] scores, int count) {
    long[] keys = new long[scores.length];
    for (int i = 0; i < keys.length; i++) {
      int bits = Float.floatToIntBits(scores[i]);
      int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      keys[i] = (long) ~ordered << 32 | i;
    }
    Arrays.sort(keys);
    int[] best = new int[Math.min(count, keys.length)];
    for (int i = 0; i < best.length; i++) {
      best[i] = (int) keys[i];
    }
    return best;
  }

  private static String words(Estimator estimator) {
    String words =
        (estimator.rotated() ? "rotated " : "")
            + (estimator.direction() ? "direction " : "")
            + (estimator.scalar() ? "scalar " : "")
            + (estimator.residual() ? "residual" : "");
    return words.isEmpty() ? "plain" : words.strip();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * CPU time of a call of one benchmark: the median of iterations.
 *
 * @param method of the benchmark's class
 * @param work of a call; null where nothing is known of it
 */
record Measured(
    String type,
    String method,
    Parameters parameters,
    Work work,
    double nanos,
    double spread,
    double cpuShare) {

  static Measured of(RunResult result) {
    String name = result.getParams().getBenchmark();
    int dot = name.lastIndexOf('.');
    String type = name.substring(name.lastIndexOf('.', dot - 1) + 1, dot);
    String method = name.substring(dot + 1);
    Parameters parameters = Parameters.of(result.getParams());
    double[] nanos =
        result.getBenchmarkResults().stream()
            .flatMap(benchmark -> benchmark.getIterationResults().stream())
            .mapToDouble(iteration -> secondary(iteration, CpuTime.NANOS))
            .sorted()
            .toArray();
    double share =
        result.getBenchmarkResults().stream()
            .flatMap(benchmark -> benchmark.getIterationResults().stream())
            .mapToDouble(iteration -> secondary(iteration, CpuTime.SHARE))
            .average()
            .orElse(Double.NaN);
    double median = quantile(nanos, 0.5);
    double spread = (quantile(nanos, 0.75) - quantile(nanos, 0.25)) / median;
    return new Measured(
        type, method, parameters, work(type, method, parameters), median, spread, share);
  }

  private static double secondary(IterationResult iteration, String name) {
    return iteration.getSecondaryResults().get(name).getScore();
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))];
  }

  private static Work work(String type, String method, Parameters parameters) {
    return switch (type) {
      case "ProbeBenchmark" -> ProbeBenchmark.work(method, parameters);
      case "ScanBenchmark" -> ScanBenchmark.work(method, parameters);
      case "LookUpBenchmark" -> LookUpBenchmark.work(parameters);
      case "NearestBenchmark" -> NearestBenchmark.work(parameters);
      case "QueryBenchmark" -> QueryBenchmark.work(method, parameters);
      case "VectorBenchmark" -> VectorBenchmark.work(method, parameters);
      default -> null;
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.Estimator;
import org.affinity.quantization.Metric;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.VectorEncoder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The hot loops of product quantization: scoring a code, encoding a vector, binding a query. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DistanceTableBenchmark {

  private static final int CODES = 1024;

  @Param({"64", "128", "384"})
  public int dimension;

  private ProductQuantizer quantizer;
  private VectorEncoder encoder;
  private DistanceTable table;
  private byte[] codes;
  private float[] query;
  private byte[] code;

  @Setup
  public void train() {
    Random random = new Random(1);
    PqParameters parameters = PqParameters.forDimension(dimension);
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < CODES; i++) {
      float[] vector = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        vector[d] = (float) random.nextGaussian();
      }
      sample.add(vector);
    }
    quantizer =
        new ProductQuantizerTrainer(parameters, Metric.INNER_PRODUCT, 1)
            .withEstimator(Estimator.PLAIN)
            .train(sample);
    query = sample.get(0);
    table = quantizer.bind(query);
    encoder = quantizer.encoder();
    code = new byte[quantizer.recordLength()];
    codes = new byte[CODES * code.length];
    for (int i = 0; i < CODES; i++) {
      encoder.encode(sample.get(i), codes, i * code.length);
    }
  }

  @Benchmark
  @OperationsPerInvocation(CODES)
  public float scoreCode() {
    float sum = 0;
    for (int i = 0; i < CODES; i++) {
      sum += table.score(codes, i * code.length);
    }
    return sum;
  }

  @Benchmark
  public byte[] encode() {
    encoder.encode(query, code, 0);
    return code;
  }

  @Benchmark
  public DistanceTable bindQuery() {
    return quantizer.bind(query);
  }
}

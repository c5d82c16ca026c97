/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.affinity.quantization.simd.RowComparison;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Exact comparisons of whole vectors: one pair at a time, and rows of a mapped file by number. */
@State(Scope.Benchmark)
public class VectorBenchmark {

  /** One query and vectors on the heap, which the second level holds. */
  @State(Scope.Benchmark)
  public static class Heap {
    @Param({"64", "100", "384"})
    public int dimension;

    private float[] query;
    private float[][] vectors;

    @Setup
    public void fill() {
      query = Codes.floats(dimension, 1);
      vectors = new float[pairs(dimension)][];
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = Codes.floats(dimension, i);
      }
    }
  }

  /** One query and rows of a mapped file, in no order. */
  @State(Scope.Benchmark)
  public static class Rows {
    private static final int AT_ONCE = 64;

    @Param({"100", "384"})
    public int dimension;

    @Param({"DOT", "SQUARE_DISTANCE", "COSINE"})
    public RowComparison what;

    @Param({"L2", "RAM"})
    public Level level;

    @Param("2147483647")
    public int most;

    private Arena arena;
    private MemorySegment rows;
    private float[] query;
    private float[] scratch;
    private int[][] numbers;
    private final float[] out = new float[AT_ONCE];

    @Setup
    public void fill() {
      arena = Arena.ofShared();
      query = Codes.floats(dimension, 1);
      scratch = new float[dimension];
      float[] values = Codes.floats(64 * dimension, 2);
      ByteBuffer piece = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      piece.asFloatBuffer().put(values);
      rows = Codes.mapped(piece.array(), level.bytes(most), arena);
      Random random = new Random(4);
      int count = level.bytes(most) / (4 * dimension);
      numbers = new int[calls(level, most, dimension)][AT_ONCE];
      for (int[] some : numbers) {
        for (int i = 0; i < some.length; i++) {
          some[i] = random.nextInt(count);
        }
      }
    }

    @TearDown
    public void free() {
      arena.close();
    }

    /** As many numbers as there are rows, so that they do not stay in a nearer cache. */
    private static int calls(Level level, int most, int dimension) {
      return level.bytes(most) / (4 * dimension * AT_ONCE);
    }
  }

  private final Kernels kernels = KernelSelection.best();

  @Benchmark
  public float dot(Heap heap) {
    float sum = 0;
    for (float[] vector : heap.vectors) {
      sum += kernels.dot(heap.query, vector);
    }
    return sum;
  }

  @Benchmark
  public float squareDistance(Heap heap) {
    float sum = 0;
    for (float[] vector : heap.vectors) {
      sum += kernels.squareDistance(heap.query, vector);
    }
    return sum;
  }

  @Benchmark
  public float cosine(Heap heap) {
    float sum = 0;
    for (float[] vector : heap.vectors) {
      sum += kernels.cosine(heap.query, vector);
    }
    return sum;
  }

  @Benchmark
  public float compareRows(Rows rows) {
    float sum = 0;
    for (int[] some : rows.numbers) {
      kernels.compareRows(
          rows.what, rows.query, rows.rows, some, some.length, rows.out, rows.scratch);
      sum += rows.out[0];
    }
    return sum;
  }

  private static int pairs(int dimension) {
    return Level.L2.bytes(Integer.MAX_VALUE) / (4 * dimension);
  }

  static Work work(String method, Parameters parameters) {
    int dimension = parameters.number("dimension");
    boolean rows = method.equals("compareRows");
    double count =
        rows
            ? Rows.AT_ONCE * Rows.calls(parameters.level(), parameters.most(), dimension)
            : pairs(dimension);
    String what = rows ? parameters.values().get("what") : method;
    return Work.reading(
            "vector", count, 4 * count * dimension, rows ? parameters.level() : Level.L2)
        .computing(count * dimension * operations(what));
  }

  /** Of a coordinate; cosine adds three products as doubles. */
  private static int operations(String what) {
    return switch (what) {
      case "dot", "DOT" -> 2;
      case "squareDistance", "SQUARE_DISTANCE" -> 3;
      case "cosine", "COSINE" -> 2 * 6;
      default -> throw new IllegalArgumentException(what);
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a query takes before the first code is looked at: rotation, tables, tables as bytes. */
@State(Scope.Benchmark)
public class QueryBenchmark {

  /** A matrix times a vector. */
  @State(Scope.Benchmark)
  public static class Matrix {
    /** Rows and columns: a subspace's centroids, and two rotations. */
    @Param({"4x256", "100x100", "784x784"})
    public String shape;

    private int count;
    private int width;
    private float[] x;
    private float[] rows;
    private float[] sums;

    @Setup
    public void fill() {
      String[] parts = shape.split("x", 2);
      count = Integer.parseInt(parts[0]);
      width = Integer.parseInt(parts[1]);
      x = Codes.floats(count, 1);
      rows = Codes.floats(count * width, 2);
      sums = new float[width];
    }
  }

  /** The table of a query. */
  @State(Scope.Benchmark)
  public static class Table {
    /** 25 subspaces. */
    private static final int ENTRIES = 25 * 256;

    private final float[] values = Codes.floats(ENTRIES, 3);
    private final byte[] bytes = new byte[ENTRIES];
  }

  private final Kernels kernels = KernelSelection.best();

  @Benchmark
  public float addProducts(Matrix matrix) {
    kernels.addProducts(matrix.x, 0, matrix.count, matrix.rows, 0, matrix.width, matrix.sums, 0);
    return matrix.sums[0];
  }

  @Benchmark
  public byte toBytes(Table table) {
    kernels.toBytes(table.values, 0, Table.ENTRIES, -3, 40, 255, table.bytes, 0);
    return table.bytes[0];
  }

  static Work work(String method, Parameters parameters) {
    if (method.equals("toBytes")) {
      return Work.reading("value", Table.ENTRIES, 4.0 * Table.ENTRIES, Level.L1)
          .computing(3.0 * Table.ENTRIES);
    }
    int[] shape = parameters.pair("shape");
    double values = (double) shape[0] * shape[1];
    return Work.reading("matrix", 1, 4 * values, level(4 * values)).computing(2 * values);
  }

  /** The first level that holds so many bytes with room to spare. */
  private static Level level(double bytes) {
    for (Level level : Level.values()) {
      if (bytes <= level.bytes(Integer.MAX_VALUE)) {
        return level;
      }
    }
    return Level.RAM;
  }
}

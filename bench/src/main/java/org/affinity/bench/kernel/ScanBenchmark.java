/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Blocks of codes, one after the other, with a threshold that nothing reaches. */
@State(Scope.Benchmark)
public class ScanBenchmark {

  /** More than any sum here; one more would be known to be out of reach before the scan. */
  private static final int NEVER = 65_535;

  /** Codes as an index maps them. */
  @State(Scope.Benchmark)
  public static class Mapped {
    /** Bits of a code, and codes of a vector. */
    @Param({"8x16", "8x25", "8x32", "8x98", "6x32", "4x50", "4x64"})
    public String code;

    @Param({"L2", "RAM"})
    public Level level;

    @Param("2147483647")
    public int most;

    private Shape shape;
    private byte[] table;
    private Arena arena;
    private MemorySegment codes;

    @Setup
    public void fill() {
      shape = Shape.of(code);
      table = shape.table();
      arena = Arena.ofShared();
      codes = Codes.mapped(level.bytes(most), arena);
    }

    @TearDown
    public void free() {
      arena.close();
    }
  }

  /** Codes on the heap, which the second level of cache holds. */
  @State(Scope.Benchmark)
  public static class Heap {
    @Param({"8x16", "8x32", "4x64"})
    public String code;

    private Shape shape;
    private byte[] table;
    private byte[] codes;

    @Setup
    public void fill() {
      shape = Shape.of(code);
      table = shape.table();
      codes = Codes.random(Level.L2.bytes(Integer.MAX_VALUE));
    }
  }

  /** Bits of a code, and codes of a vector. */
  private record Shape(int bits, int m) {
    static Shape of(String code) {
      String[] parts = code.split("x", 2);
      return new Shape(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    int rows() {
      return BlockLayout.codeLength(m, bits);
    }

    int blocks(int bytes) {
      return bytes / (rows() * BlockLayout.VECTORS);
    }

    byte[] table() {
      byte[] table = new byte[BlockLayout.tableLength(m, bits)];
      Random random = new Random(7);
      for (int subspace = 0; subspace < m; subspace++) {
        for (int c = 0; c < 1 << bits; c++) {
          BlockLayout.setEntry(table, bits, subspace, c, random.nextInt(bits == 4 ? 128 : 256));
        }
      }
      return table;
    }
  }

  private final Kernels kernels = KernelSelection.best();
  private final BlockSums sums = new BlockSums();

  @Benchmark
  public long scanMapped(Mapped mapped) {
    int bits = mapped.shape.bits();
    int rows = mapped.shape.rows();
    long length = (long) rows * BlockLayout.VECTORS;
    long end = mapped.codes.byteSize() - length;
    long found = 0;
    for (long o = 0; o <= end; o += length) {
      found += kernels.scan(bits, mapped.codes, o, rows, mapped.table, NEVER, sums) ? 1 : 0;
    }
    return found;
  }

  @Benchmark
  public long scanHeap(Heap heap) {
    int bits = heap.shape.bits();
    int rows = heap.shape.rows();
    int length = rows * BlockLayout.VECTORS;
    int end = heap.codes.length - length;
    long found = 0;
    for (int o = 0; o <= end; o += length) {
      found += kernels.scan(bits, heap.codes, o, rows, heap.table, NEVER, sums) ? 1 : 0;
    }
    return found;
  }

  /** With eight bits a look-up is two, in half of the table each. */
  static Work work(String method, Parameters parameters) {
    Shape shape = Shape.of(parameters.values().get("code"));
    boolean heap = method.equals("scanHeap");
    Level level = heap ? Level.L2 : parameters.level();
    int bytes = level.bytes(heap ? Integer.MAX_VALUE : parameters.most());
    double vectors = (double) BlockLayout.VECTORS * shape.blocks(bytes);
    double lookUps = vectors * shape.m();
    boolean two = shape.bits() == 8;
    return Work.reading("vector", vectors, vectors * shape.rows(), level)
        .lookingUp(two ? 0 : lookUps, two ? 2 * lookUps : 0);
  }
}

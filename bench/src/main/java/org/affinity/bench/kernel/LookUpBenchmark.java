/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Records of 8-bit codes by number, in no order. A record takes a line of cache at least. */
@State(Scope.Benchmark)
public class LookUpBenchmark {

  private static final int LINE = 64;

  @Param({"16", "32"})
  public int m;

  @Param({"L2", "RAM"})
  public Level level;

  @Param("2147483647")
  public int most;

  private final Kernels kernels = KernelSelection.best();
  private final float[] sums = new float[4];
  private Arena arena;
  private MemorySegment mapped;
  private float[] table;
  private int[] offsets;

  @Setup
  public void fill() {
    arena = Arena.ofShared();
    mapped = Codes.mapped(level.bytes(most), arena);
    table = Codes.floats(m * 256, 3);
    Random random = new Random(9);
    int records = level.bytes(most) / m;
    offsets = new int[records(level, most)];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = random.nextInt(records) * m;
    }
  }

  @TearDown
  public void free() {
    arena.close();
  }

  @Benchmark
  public float sum() {
    float sum = 0;
    for (int offset : offsets) {
      sum += kernels.sum(8, table, mapped, offset, m);
    }
    return sum;
  }

  @Benchmark
  public float sum4() {
    float sum = 0;
    for (int i = 0; i < offsets.length; i += 4) {
      kernels.sum4(
          8, table, mapped, offsets[i], offsets[i + 1], offsets[i + 2], offsets[i + 3], m, sums, 0);
      sum += sums[0];
    }
    return sum;
  }

  /** So many that what they touch does not stay in a nearer cache. */
  private static int records(Level level, int most) {
    return level.bytes(most) / (2 * LINE) & ~3;
  }

  static Work work(Parameters parameters) {
    double records = records(parameters.level(), parameters.most());
    return Work.reading("record", records, records * LINE, parameters.level())
        .computing(records * parameters.number("m"));
  }
}

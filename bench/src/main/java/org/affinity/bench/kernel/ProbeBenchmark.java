/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the processor can do at most, one thread: the limits that the loops are held against. */
public class ProbeBenchmark {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
  private static final Class<? extends MemorySegment> NATIVE = MemorySegment.NULL.getClass();
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  /** Turns of a loop without memory. */
  private static final int TURNS = 1000;

  /** Vectors under way at once: more than the processor needs to be busy. */
  private static final int WIDE = 10;

  /** Memory to read. */
  @State(Scope.Benchmark)
  public static class Memory {
    @Param({"L1", "L2", "L3", "RAM"})
    public Level level;

    @Param("2147483647")
    public int most;

    private Arena arena;
    private MemorySegment memory;

    @Setup
    public void fill() {
      arena = Arena.ofShared();
      memory = Codes.mapped(level.bytes(most), arena);
    }

    @TearDown
    public void free() {
      arena.close();
    }
  }

  /** Reads memory once, front to back. */
  @Benchmark
  public long read(Memory from) {
    MemorySegment memory = NATIVE.cast(from.memory);
    int step = LONGS.vectorByteSize();
    int size = (int) memory.byteSize();
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    LongVector c = a;
    LongVector d = a;
    for (int i = 0; i < size; i += 4 * step) {
      a = a.or(LongVector.fromMemorySegment(LONGS, memory, i, LITTLE));
      b = b.or(LongVector.fromMemorySegment(LONGS, memory, i + step, LITTLE));
      c = c.or(LongVector.fromMemorySegment(LONGS, memory, i + 2L * step, LITTLE));
      d = d.or(LongVector.fromMemorySegment(LONGS, memory, i + 3L * step, LITTLE));
    }
    return a.or(b).or(c.or(d)).reduceLanes(VectorOperators.OR);
  }

  /**
   * Fused multiplications and additions, independent of each other: five hide the latency, and with
   * ten the compiler makes code of half the speed.
   */
  @Benchmark
  public float multiplyAdd() {
    FloatVector x = FloatVector.broadcast(FLOATS, 0.999f);
    FloatVector a = FloatVector.broadcast(FLOATS, 1);
    FloatVector b = FloatVector.broadcast(FLOATS, 2);
    FloatVector c = FloatVector.broadcast(FLOATS, 3);
    FloatVector d = FloatVector.broadcast(FLOATS, 4);
    FloatVector e = FloatVector.broadcast(FLOATS, 5);
    for (int turn = 0; turn < TURNS * WIDE / 5; turn++) {
      a = a.fma(x, x);
      b = b.fma(x, x);
      c = c.fma(x, x);
      d = d.fma(x, x);
      e = e.fma(x, x);
    }
    return a.add(b).add(c).add(d).add(e).reduceLanes(VectorOperators.ADD);
  }

  /** Bytes looked up in a table of one register. */
  @Benchmark
  public byte lookUp() {
    ByteVector t = ByteVector.broadcast(BYTES, 3).addIndex(1).and((byte) 63);
    ByteVector a = t;
    ByteVector b = t.add((byte) 1);
    ByteVector c = t.add((byte) 2);
    ByteVector d = t.add((byte) 3);
    ByteVector e = t.add((byte) 4);
    ByteVector f = t.add((byte) 5);
    ByteVector g = t.add((byte) 6);
    ByteVector h = t.add((byte) 7);
    ByteVector i = t.add((byte) 8);
    ByteVector j = t.add((byte) 9);
    for (int turn = 0; turn < TURNS; turn++) {
      a = a.selectFrom(t);
      b = b.selectFrom(t);
      c = c.selectFrom(t);
      d = d.selectFrom(t);
      e = e.selectFrom(t);
      f = f.selectFrom(t);
      g = g.selectFrom(t);
      h = h.selectFrom(t);
      i = i.selectFrom(t);
      j = j.selectFrom(t);
    }
    ByteVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j);
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /** Bytes looked up in a table of two registers. */
  @Benchmark
  public byte lookUpInTwo() {
    ByteVector t = ByteVector.broadcast(BYTES, 3).addIndex(1).and((byte) 63);
    ByteVector u = t.add((byte) 64);
    ByteVector a = t;
    ByteVector b = t.add((byte) 1);
    ByteVector c = t.add((byte) 2);
    ByteVector d = t.add((byte) 3);
    ByteVector e = t.add((byte) 4);
    ByteVector f = t.add((byte) 5);
    ByteVector g = t.add((byte) 6);
    ByteVector h = t.add((byte) 7);
    ByteVector i = t.add((byte) 8);
    ByteVector j = t.add((byte) 9);
    for (int turn = 0; turn < TURNS; turn++) {
      a = a.selectFrom(t, u);
      b = b.selectFrom(t, u);
      c = c.selectFrom(t, u);
      d = d.selectFrom(t, u);
      e = e.selectFrom(t, u);
      f = f.selectFrom(t, u);
      g = g.selectFrom(t, u);
      h = h.selectFrom(t, u);
      i = i.selectFrom(t, u);
      j = j.selectFrom(t, u);
    }
    ByteVector sum = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j);
    return sum.reduceLanes(VectorOperators.ADD);
  }

  static Work work(String method, Parameters parameters) {
    double done = (double) TURNS * WIDE;
    double bytes = done * BYTES.length();
    return switch (method) {
      case "read" -> {
        Level level = parameters.level();
        int size = level.bytes(parameters.most());
        yield Work.reading("line", size / 64.0, size, level);
      }
      case "multiplyAdd" ->
          Work.reading("operation", 2 * done * FLOATS.length(), 0, Level.L1)
              .computing(2 * done * FLOATS.length());
      case "lookUp" -> Work.reading("look-up", bytes, 0, Level.L1).lookingUp(bytes, 0);
      case "lookUpInTwo" -> Work.reading("look-up", bytes, 0, Level.L1).lookingUp(0, bytes);
      default -> throw new IllegalArgumentException(method);
    };
  }
}

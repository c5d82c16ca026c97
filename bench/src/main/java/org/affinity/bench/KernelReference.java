/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The yardsticks of {@link KernelReport}: a float dot product of 256 dimensions over 512 KB, and a
 * plain read of memory.
 */
final class KernelReference {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final Class<? extends MemorySegment> NATIVE = MemorySegment.NULL.getClass();
  private static final int LANES = FLOATS.length();
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  static final int VECTORS = 512;
  private static final int DIMENSION = 256;

  private final float[] vectors = new float[VECTORS * DIMENSION];
  private final float[] query = new float[DIMENSION];

  KernelReference() {
    Random random = new Random(1);
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = random.nextFloat();
    }
    for (int i = 0; i < query.length; i++) {
      query[i] = random.nextFloat();
    }
  }

  /** One pass: 512 dot products with four accumulators each. */
  long dots() {
    float sum = 0;
    for (int v = 0; v < VECTORS; v++) {
      int o = v * DIMENSION;
      FloatVector a = FloatVector.zero(FLOATS);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (int i = 0; i < DIMENSION; i += 4 * LANES) {
        a = at(vectors, o + i).fma(at(query, i), a);
        b = at(vectors, o + i + LANES).fma(at(query, i + LANES), b);
        c = at(vectors, o + i + 2 * LANES).fma(at(query, i + 2 * LANES), c);
        d = at(vectors, o + i + 3 * LANES).fma(at(query, i + 3 * LANES), d);
      }
      sum += a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }
    return (long) sum;
  }

  private static FloatVector at(float[] values, int index) {
    return FloatVector.fromArray(FLOATS, values, index);
  }

  /** Reads native or mapped memory once, front to back, as fast as the Vector API can. */
  static long read(MemorySegment memory, long from, long to) {
    MemorySegment known = NATIVE.cast(memory);
    int step = LONGS.vectorByteSize();
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    for (long i = from; i + 2L * step <= to; i += 2L * step) {
      a = a.add(LongVector.fromMemorySegment(LONGS, known, i, LITTLE));
      b = b.add(LongVector.fromMemorySegment(LONGS, known, i + step, LITTLE));
    }
    return a.add(b).reduceLanes(VectorOperators.ADD);
  }

  /** The same without the cast: with all kinds of memory, it makes type profiles useless. */
  static long stream(MemorySegment memory, long from, long to) {
    int step = LONGS.vectorByteSize();
    LongVector a = LongVector.zero(LONGS);
    LongVector b = a;
    for (long i = from; i + 2L * step <= to; i += 2L * step) {
      a = a.add(LongVector.fromMemorySegment(LONGS, memory, i, LITTLE));
      b = b.add(LongVector.fromMemorySegment(LONGS, memory, i + step, LITTLE));
    }
    return a.add(b).reduceLanes(VectorOperators.ADD);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A program for a child JVM: drives heap, native and mapped segments through the accessors of the
 * Vector API, then prints how many bytes the kernels allocate once they are compiled, and whether
 * they are still right.
 */
final class KernelPollutionProbe {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
  private static final int M = 16;
  private static final int BYTES_OF_BLOCK = 128 * M;

  private KernelPollutionProbe() {}

  public static void main(String[] args) throws IOException {
    byte[] codes = new byte[BYTES_OF_BLOCK];
    new Random(1).nextBytes(codes);
    Path file = Files.createTempFile("codes", ".bin");
    Files.write(file, codes);
    MemorySegment mapped;
    try (FileChannel channel = FileChannel.open(file)) {
      mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, codes.length, Arena.ofShared());
    }
    MemorySegment offHeap = Arena.global().allocate(codes.length, 64);
    MemorySegment.copy(codes, 0, offHeap, ValueLayout.JAVA_BYTE, 0, codes.length);
    List<MemorySegment> segments = List.of(MemorySegment.ofArray(codes), offHeap, mapped);
    int sum = 0;
    for (int i = 0; i < 5000; i++) {
      for (MemorySegment segment : segments) {
        sum += read(segment);
      }
    }
    System.out.println("polluted " + sum);
    Kernels kernels = KernelSelection.best();
    for (int bits : new int[] {4, 6, 8}) {
      int rows = bits == 6 ? 15 : 16;
      byte[] table = new byte[BlockLayout.tableLengthOfRows(rows, bits)];
      BlockSums sums = new BlockSums();
      report(
          "scan" + bits + " mapped",
          i -> kernels.scan(bits, mapped, 0, rows, table, (i & 15) * 4096, sums));
      report(
          "scan" + bits + " native",
          i -> kernels.scan(bits, offHeap, 0, rows, table, (i & 15) * 4096, sums));
      report(
          "scan" + bits + " heap",
          i -> kernels.scan(bits, codes, 0, rows, table, (i & 15) * 4096, sums));
    }
    float[] table = new float[256 * M];
    float[] out = new float[4];
    report("sum4 mapped", i -> kernels.sum4(8, table, mapped, i & 63, 0, 16, 64, M, out, 0));
    report("sum4 heap", i -> kernels.sum4(8, table, codes, i & 63, 0, 16, 64, M, out, 0));
    Centroids centroids = Centroids.transposed(new float[256 * 4], 0, 4, 256);
    report("nearest", i -> kernels.nearest(table, i & 63, centroids));
    KernelSelectionProbe.main(args);
    Files.delete(file);
  }

  private static int read(MemorySegment segment) {
    ByteVector sum = ByteVector.zero(BYTES);
    for (int i = 0; i < BYTES_OF_BLOCK; i += BYTES.length()) {
      sum = sum.add(ByteVector.fromMemorySegment(BYTES, segment, i, ByteOrder.LITTLE_ENDIAN));
    }
    int total = sum.lane(0);
    for (int i = 0; i < BYTES_OF_BLOCK; i += 8) {
      total += (int) segment.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
      total += segment.get(ValueLayout.JAVA_BYTE, i);
    }
    return total;
  }

  private interface Call {
    void call(int i);
  }

  /** Calls until nothing is allocated any more, or for ten seconds; then counts. */
  private static void report(String name, Call call) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + 10_000_000_000L;
    long bytes = 1;
    while (bytes > 0 && System.nanoTime() < end) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 2000; i++) {
        call.call(i);
      }
      // The counter itself may cost an object or two.
      bytes = (threads.getCurrentThreadAllocatedBytes() - before) / 2000;
    }
    System.out.println(name + ": " + bytes + " bytes a call");
  }
}

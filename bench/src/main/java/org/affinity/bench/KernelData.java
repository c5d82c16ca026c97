/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.affinity.quantization.simd.BlockLayout;

/** The same random codes on the heap, in native memory and in a mapped file that is gone after. */
record KernelData(byte[] heap, MemorySegment offHeap, MemorySegment mapped) {

  static KernelData random(int bytes, Arena arena) throws IOException {
    byte[] heap = new byte[bytes];
    new Random(5).nextBytes(heap);
    MemorySegment offHeap = arena.allocate(bytes, 64);
    MemorySegment.copy(heap, 0, offHeap, ValueLayout.JAVA_BYTE, 0, bytes);
    Path file = Files.createTempFile("affinity-kernels-", ".bin");
    Files.write(file, heap);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
      return new KernelData(heap, offHeap, mapped);
    } finally {
      Files.delete(file);
    }
  }

  int blocks(int rows) {
    return heap.length / (rows * BlockLayout.VECTORS);
  }
}

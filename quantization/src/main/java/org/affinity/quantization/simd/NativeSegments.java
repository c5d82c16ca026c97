/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;

/**
 * Tells the JIT compiler that a segment is off-heap, whatever it saw elsewhere.
 *
 * <p>All accesses to segments share a few JDK methods. Once heap, native and mapped segments have
 * passed through them, their type profile is of no use and every load in a loop becomes a virtual
 * call, which boxes vectors: a scan is then some seven times slower. A cast to the constant class
 * of native segments (mapped ones are a subclass that overrides nothing on this way) makes those
 * calls static again, in the method where the cast is. Costs one type check.
 */
final class NativeSegments {

  private static final Class<? extends MemorySegment> NATIVE = MemorySegment.NULL.getClass();

  private NativeSegments() {}

  static boolean isNative(MemorySegment segment) {
    return NATIVE.isInstance(segment);
  }

  /** The same segment; the caller must have seen that it is native. */
  static MemorySegment cast(MemorySegment segment) {
    return NATIVE.cast(segment);
  }
}

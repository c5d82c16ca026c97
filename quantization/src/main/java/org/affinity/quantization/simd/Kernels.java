/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.lang.foreign.MemorySegment;

/**
 * The hot loops of product quantization. All implementations give the same bits; they differ in
 * speed only. Stateless and safe for any number of threads, as long as each has its own output.
 *
 * <p>Every call checks its bounds once ({@link IndexOutOfBoundsException}) and, but for the batch
 * form of {@code nearest}, allocates nothing. Segments may be native, mapped or on the heap, but
 * only the first two are fast; as with every access, a segment whose arena was closed throws {@link
 * IllegalStateException}.
 */
public interface Kernels {

  /** Which implementation, in a word. */
  String name();

  /**
   * Adds up the table entries of the 128 vectors of a block: one look-up per vector and subspace,
   * tables held in registers, sums exact in 16 bits. Cost: about 1.5 to 3 ns a row (512-bit).
   *
   * @param bits of a code: 4, 6 or 8
   * @param codes holds the block at {@code offset}, laid out as in {@link BlockLayout}
   * @param offset where the block starts; 64-byte aligned memory is up to 1.5 times faster
   * @param rows {@link BlockLayout#codeLength}
   * @param table unsigned bytes, laid out as in {@link BlockLayout}; the caller makes sure that no
   *     vector's sum is over 65535, and with 4 bits that no entry is over 127
   * @param threshold a vector is competitive if its sum is at least this; 0 to 65536 (= none is)
   * @param out takes all 128 sums and the masks if at least one vector is competitive; otherwise it
   *     is left alone
   * @return whether one is
   */
  boolean scan(
      int bits, byte[] codes, int offset, int rows, byte[] table, int threshold, BlockSums out);

  /** The same over a segment. */
  boolean scan(
      int bits,
      MemorySegment codes,
      long offset,
      int rows,
      byte[] table,
      int threshold,
      BlockSums out);

  /**
   * Adds up the table entries of one record, for random access. Subspace s goes to accumulator s
   * mod 4; the sum is {@code (a0 + a1) + (a2 + a3)}, so its bits depend on table and code alone.
   *
   * @param bits of a code: 4, 6 or 8
   * @param table {@code 1 << bits} floats a subspace
   * @param codes holds the record at {@code offset}; nothing past its end is read
   * @param m number of subspaces
   */
  float sum(int bits, float[] table, byte[] codes, int offset, int m);

  /** The same over a segment. */
  float sum(int bits, float[] table, MemorySegment codes, long offset, int m);

  /**
   * {@link #sum} of four records at once, which overlaps their cache misses: use it when ids are
   * known ahead.
   *
   * @param out takes the four sums from {@code outOffset}
   */
  void sum4(
      int bits,
      float[] table,
      byte[] codes,
      int offset0,
      int offset1,
      int offset2,
      int offset3,
      int m,
      float[] out,
      int outOffset);

  /** The same over a segment. */
  void sum4(
      int bits,
      float[] table,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int m,
      float[] out,
      int outOffset);

  /**
   * The nearest centroid in Euclidean distance, which is the one with the smallest {@code ½‖c‖² -
   * ⟨x,c⟩}; the lowest number on ties, 0 if nothing compares (NaN). That term is computed as {@code
   * t = ½‖c‖²; t = t - x[d] * c[d]} with d ascending and both operations rounded.
   *
   * @param x the point, at {@code offset}
   */
  int nearest(float[] x, int offset, Centroids centroids);

  /**
   * {@link #nearest(float[], int, Centroids)} of many points. Allocates one scratch buffer of
   * {@code 32 * dimension} floats, so call it with hundreds of points.
   *
   * @param points point i is at {@code offset + i * stride}
   * @param assignment takes the centroid of point i at {@code assignmentOffset + i}
   * @param minimum takes {@code ½‖c‖² - ⟨x,c⟩} of point i and its centroid at {@code
   *     assignmentOffset + i} (positive infinity if nothing compares); null if not wanted
   */
  void nearest(
      float[] points,
      int offset,
      int stride,
      int count,
      Centroids centroids,
      int[] assignment,
      int assignmentOffset,
      float[] minimum);

  /**
   * Adds multiples of rows: {@code sums[c] += Σ x[d] * rows[d][c]}, d ascending and both operations
   * rounded. A matrix times a vector, or a query's products with all centroids of a subspace.
   *
   * @param x {@code count} factors from {@code xOffset}
   * @param rows {@code count} rows of {@code width} values, one behind the other, from {@code
   *     rowsOffset}
   * @param sums {@code width} sums from {@code sumsOffset}; not the array of the rows
   */
  void addProducts(
      float[] x,
      int xOffset,
      int count,
      float[] rows,
      int rowsOffset,
      int width,
      float[] sums,
      int sumsOffset);

  /**
   * Turns values into unsigned bytes on a scale: {@code (value - low) * perStep + ½}, each
   * operation rounded, cut off at 0 and {@code largest}, then rounded down. NaN gives 0.
   *
   * @param values {@code count} of them from {@code offset}
   * @param largest 1 to 255
   * @param bytes takes them from {@code bytesOffset}
   */
  void toBytes(
      float[] values,
      int offset,
      int count,
      float low,
      float perStep,
      int largest,
      byte[] bytes,
      int bytesOffset);

  /**
   * The inner product of two vectors of one length. Value i is added to lane i mod 16, each lane in
   * ascending order, products and sums rounded; lanes are added as {@code ((s0 + s1) + (s2 + s3)) +
   * ((s4 + s5) + (s6 + s7))} and so on. The last values, fewer than 16, make a sum of their own,
   * which is added at the end.
   *
   * @throws IllegalArgumentException if the lengths differ
   */
  float dot(float[] a, float[] b);

  /** The squared distance of two vectors of one length, added in the order of {@link #dot}. */
  float squareDistance(float[] a, float[] b);

  /**
   * The cosine of two vectors of one length, -1 to 1; NaN if one of them is zero. Adds in double
   * precision, in the order of {@link #dot} but in 8 lanes.
   */
  float cosine(float[] a, float[] b);

  /**
   * Compares a query with rows by number, which overlaps their cache misses: results have the bits
   * of {@link #dot}, {@link #squareDistance} and {@link #cosine}.
   *
   * @param rows little-endian floats, {@code query.length} a row, row 0 first
   * @param out takes the first {@code count} results
   * @param scratch {@code query.length} floats for whom needs a copy of a row
   */
  void compareRows(
      RowComparison what,
      float[] query,
      MemorySegment rows,
      int[] numbers,
      int count,
      float[] out,
      float[] scratch);
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.util.Arrays;
import java.util.Objects;

/**
 * Where every byte of codes and 8-bit tables lies.
 *
 * <h2>Record: the code of one vector, row-major</h2>
 *
 * <p>With {@code c(s)} the centroid number of subspace {@code s}, of {@code m}:
 *
 * <ul>
 *   <li>8 bits: m bytes; byte s is {@code c(s)}.
 *   <li>4 bits: ceil(m/2) bytes; byte r is {@code c(2r) | c(2r+1) << 4}. An odd m leaves the last
 *       high nibble zero.
 *   <li>6 bits: three bytes for every four subspaces s, s+1, s+2, s+3; byte i of the three is
 *       {@code c(s+i) | (c(s+3) >> 2i & 3) << 6}. So the low six bits of each byte are a centroid
 *       as they stand, and the fourth is spread over the top bits. A last group of fewer than four
 *       has zeros for the missing ones.
 * </ul>
 *
 * <h2>Block: the codes of 128 vectors, transposed</h2>
 *
 * <p>Records of L bytes become L rows of 128 bytes: row r holds byte r of the 128 records, so a
 * block has {@code 128 * L} bytes. The first 64 bytes of a row belong to vectors 0 to 63, the last
 * 64 to vectors 64 to 127. In each half, its vector j (0 to 63) has byte {@code j < 32 ? 2j : 2(j -
 * 32) + 1}. Read as 16-bit numbers, low bytes are vectors 0 to 31 of the half in order and high
 * bytes vectors 32 to 63 in order: widening needs no interleaving. A block with fewer vectors is
 * filled up with zero bytes.
 *
 * <h2>Table: what each centroid adds to the sum of a vector</h2>
 *
 * <p>Unsigned bytes. 8 bits: 256 entries a subspace. 6 bits: 64 entries a subspace, zero tables up
 * to a multiple of four subspaces. 4 bits: 64 bytes a subspace, its 16 entries four times over (a
 * 32- or 64-byte register look-up then needs no mask, whatever the upper index bits), a zero table
 * up to an even number of subspaces.
 */
public final class BlockLayout {

  /** Vectors in a block, and bytes in a row of it. */
  public static final int VECTORS = 128;

  private BlockLayout() {}

  /**
   * Bytes of a record, and rows of a block.
   *
   * @param m number of subspaces, at least 1
   * @param bits 4, 6 or 8
   */
  public static int codeLength(int m, int bits) {
    if (m < 1) {
      throw new IllegalArgumentException("subspaces [" + m + "] must be at least 1");
    }
    return switch (bits) {
      case 8 -> m;
      case 6 -> (m + 3) / 4 * 3;
      case 4 -> (m + 1) / 2;
      default -> throw unknownBits(bits);
    };
  }

  /** Bytes of the 8-bit tables of m subspaces. */
  public static int tableLength(int m, int bits) {
    return tableLengthOfRows(codeLength(m, bits), bits);
  }

  static int tableLengthOfRows(int rows, int bits) {
    return switch (bits) {
      case 8 -> Math.multiplyExact(rows, 256);
      case 6 -> Math.multiplyExact(rows / 3, 256);
      case 4 -> Math.multiplyExact(rows, 128);
      default -> throw unknownBits(bits);
    };
  }

  /** Sets what a centroid adds: 0 to 255, and to 127 with 4 bits (pairs are added as bytes). */
  public static void setEntry(byte[] table, int bits, int subspace, int centroid, int value) {
    Objects.checkIndex(centroid, 1 << bits);
    Objects.checkIndex(value, bits == 4 ? 128 : 256);
    switch (bits) {
      case 8 -> table[subspace * 256 + centroid] = (byte) value;
      case 6 -> table[subspace * 64 + centroid] = (byte) value;
      case 4 -> {
        for (int copy = 0; copy < 64; copy += 16) {
          table[subspace * 64 + copy + centroid] = (byte) value;
        }
      }
      default -> throw unknownBits(bits);
    }
  }

  /** The centroid of a subspace in the record at {@code offset}. */
  public static int centroid(byte[] record, int offset, int bits, int subspace) {
    return switch (bits) {
      case 8 -> record[offset + subspace] & 0xFF;
      case 4 -> record[offset + (subspace >> 1)] >> ((subspace & 1) << 2) & 0xF;
      case 6 -> {
        int group = offset + (subspace >> 2) * 3;
        int place = subspace & 3;
        yield place < 3
            ? record[group + place] & 0x3F
            : (record[group] >> 6 & 3)
                | (record[group + 1] >> 6 & 3) << 2
                | (record[group + 2] >> 6 & 3) << 4;
      }
      default -> throw unknownBits(bits);
    };
  }

  /** Sets the centroid of a subspace in the record at {@code offset}. */
  public static void setCentroid(byte[] record, int offset, int bits, int subspace, int centroid) {
    Objects.checkIndex(centroid, 1 << bits);
    switch (bits) {
      case 8 -> record[offset + subspace] = (byte) centroid;
      case 4 -> {
        int shift = (subspace & 1) << 2;
        merge(record, offset + (subspace >> 1), 0xF << shift, centroid << shift);
      }
      case 6 -> {
        int group = offset + (subspace >> 2) * 3;
        int place = subspace & 3;
        if (place < 3) {
          merge(record, group + place, 0x3F, centroid);
        } else {
          for (int i = 0; i < 3; i++) {
            merge(record, group + i, 0xC0, (centroid >> (2 * i) & 3) << 6);
          }
        }
      }
      default -> throw unknownBits(bits);
    }
  }

  private static void merge(byte[] record, int index, int mask, int value) {
    record[index] = (byte) ((record[index] & ~mask) | value);
  }

  /**
   * Transposes records into a block.
   *
   * @param records record i starts at {@code offset + i * stride}
   * @param count records, 0 to 128; the rest of the block becomes zero bytes
   * @param codeLength bytes of a record
   * @param block takes {@code 128 * codeLength} bytes from {@code blockOffset}
   */
  public static void pack(
      byte[] records,
      int offset,
      int stride,
      int count,
      int codeLength,
      byte[] block,
      int blockOffset) {
    Objects.checkIndex(count, VECTORS + 1);
    Objects.checkFromIndexSize(blockOffset, VECTORS * codeLength, block.length);
    if (count < VECTORS) {
      Arrays.fill(block, blockOffset, blockOffset + VECTORS * codeLength, (byte) 0);
    }
    for (int vector = 0; vector < count; vector++) {
      int to = blockOffset + column(vector);
      int from = offset + vector * stride;
      for (int row = 0; row < codeLength; row++, to += VECTORS) {
        block[to] = records[from + row];
      }
    }
  }

  /** Copies the record of one vector (0 to 127) out of a block: the inverse of {@link #pack}. */
  public static void code(
      byte[] block, int offset, int codeLength, int vector, byte[] out, int outOffset) {
    Objects.checkIndex(vector, VECTORS);
    Objects.checkFromIndexSize(offset, VECTORS * codeLength, block.length);
    int from = offset + column(vector);
    for (int row = 0; row < codeLength; row++, from += VECTORS) {
      out[outOffset + row] = block[from];
    }
  }

  /** The byte of a vector (0 to 127) in each row. */
  public static int column(int vector) {
    return (vector & 64) | (vector & 31) << 1 | (vector >> 5 & 1);
  }

  /** The vector of a byte (0 to 127) of a row. */
  static int vector(int column) {
    return (column & 64) | (column & 1) << 5 | (column >> 1 & 31);
  }

  static IllegalArgumentException unknownBits(int bits) {
    return new IllegalArgumentException("bits [" + bits + "] must be one of [4, 6, 8]");
  }
}

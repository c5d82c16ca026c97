/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IndexInput;

/**
 * One field's lists: on the heap where they are and their centroids; the blocks stay in the file.
 * Safe for use by any number of threads.
 */
final class InvertedLists {

  private final IvfMetadata metadata;
  private final ProductQuantizer quantizer;
  private final CoarseQuantizer coarse;
  private final ListEntry[] entries;
  private final ListLayout layout;

  /** By list, vectors of the lists before it. */
  private final int[] before;

  private final IndexInput file;
  private final float lowestWeight;
  private final float highestWeight;

  private InvertedLists(
      IvfMetadata metadata,
      ProductQuantizer quantizer,
      CoarseQuantizer coarse,
      ListEntry[] entries,
      int[] before,
      IndexInput file) {
    this.metadata = metadata;
    this.quantizer = quantizer;
    this.coarse = coarse;
    this.entries = entries;
    this.before = before;
    this.file = file;
    float lowest = Float.POSITIVE_INFINITY;
    float highest = 0;
    for (ListEntry entry : entries) {
      if (entry.count() > 0) {
        lowest = Math.min(lowest, entry.lowestWeight());
        highest = Math.max(highest, entry.highestWeight());
      }
    }
    this.lowestWeight = Math.min(lowest, highest);
    this.highestWeight = highest;
    this.layout = ListLayout.of(quantizer.parameters().codeLength(), quantizer.recordLength());
  }

  /**
   * Reads centroids and directory.
   *
   * @param index positioned at the field
   * @param file the file of the lists
   */
  static InvertedLists read(
      IvfMetadata metadata, ProductQuantizer quantizer, IndexInput index, IndexInput file)
      throws IOException {
    int[] groupSizes = new int[metadata.groups()];
    int inGroups = 0;
    for (int g = 0; g < groupSizes.length; g++) {
      groupSizes[g] = index.readInt();
      if (groupSizes[g] < 1 || groupSizes[g] > metadata.lists() - inGroups) {
        throw new CorruptIndexException("a group of " + groupSizes[g] + " lists", index);
      }
      inGroups += groupSizes[g];
    }
    if (inGroups != metadata.lists()) {
      throw new CorruptIndexException(
          inGroups + " lists in groups, " + metadata.lists() + " in all", index);
    }
    int dimension = metadata.dimension();
    float[] groupRows = new float[Math.multiplyExact(metadata.groups(), dimension)];
    float[] rows = new float[Math.multiplyExact(metadata.lists(), dimension)];
    index.readFloats(groupRows, 0, groupRows.length);
    index.readFloats(rows, 0, rows.length);
    CoarseQuantizer coarse =
        new CoarseQuantizer(dimension, metadata.directions(), groupSizes, groupRows, rows);
    ListEntry[] entries = new ListEntry[metadata.lists()];
    int[] before = new int[metadata.lists() + 1];
    ListLayout layout =
        ListLayout.of(quantizer.parameters().codeLength(), quantizer.recordLength());
    for (int list = 0; list < entries.length; list++) {
      ListEntry entry = ListEntry.read(index);
      entries[list] = entry;
      if (entry.count() < 0
          || entry.count() > metadata.count() - before[list]
          || entry.bits() < 0
          || entry.bits() >= Integer.SIZE
          || entry.offset() < 0
          || entry.offset() % AffinityIvfPqVectorsFormat.ALIGNMENT != 0
          || entry.offset()
              > metadata.listsLength() - (long) entry.blocks() * layout.blockLength(entry.bits())) {
        throw new CorruptIndexException("list " + list + ": " + entry, index);
      }
      before[list + 1] = before[list] + entry.count();
    }
    if (before[entries.length] != metadata.count()) {
      throw new CorruptIndexException(
          before[entries.length] + " vectors in lists, " + metadata.count() + " in all", index);
    }
    return new InvertedLists(metadata, quantizer, coarse, entries, before, file);
  }

  IvfMetadata metadata() {
    return metadata;
  }

  ProductQuantizer quantizer() {
    return quantizer;
  }

  CoarseQuantizer coarse() {
    return coarse;
  }

  /** Of all vectors. */
  float lowestWeight() {
    return lowestWeight;
  }

  /** Of all vectors. */
  float highestWeight() {
    return highestWeight;
  }

  /** Not a copy. */
  ListEntry[] entries() {
    return entries;
  }

  ListEntry entry(int list) {
    return entries[list];
  }

  ListLayout layout() {
    return layout;
  }

  /** A cursor of its own for one thread. */
  ListCursor cursor() throws IOException {
    return new ListCursor(
        file.slice("lists", metadata.listsOffset(), metadata.listsLength()), layout, quantizer);
  }

  /** By ordinal, its list. Reads all ordinals. */
  int[] listOf() throws IOException {
    int[] listOf = new int[metadata.count()];
    ListCursor cursor = cursor();
    for (int list = 0; list < entries.length; list++) {
      cursor.open(entries[list]);
      for (int i = 0; i < entries[list].count(); i++) {
        if (i % BlockLayout.VECTORS == 0) {
          cursor.block(i / BlockLayout.VECTORS);
        }
        listOf[cursor.ord(i % BlockLayout.VECTORS)] = list;
      }
    }
    return listOf;
  }

  /** Records by ordinal, for one thread. Reads all ordinals and keeps an int for each. */
  CodedVectors.Records records() throws IOException {
    int[] slots = new int[metadata.count()];
    ListCursor cursor = cursor();
    for (int list = 0; list < entries.length; list++) {
      cursor.open(entries[list]);
      for (int i = 0; i < entries[list].count(); i++) {
        if (i % BlockLayout.VECTORS == 0) {
          cursor.block(i / BlockLayout.VECTORS);
        }
        slots[cursor.ord(i % BlockLayout.VECTORS)] = before[list] + i;
      }
    }
    // Every list was opened once, in order: its blocks have numbers now.
    int[] firstBlock = new int[entries.length];
    for (int list = 1; list < entries.length; list++) {
      firstBlock[list] = firstBlock[list - 1] + entries[list - 1].blocks();
    }
    return (ord, record, offset) -> {
      int list = list(slots[ord]);
      int i = slots[ord] - before[list];
      cursor.go(firstBlock[list] + i / BlockLayout.VECTORS);
      cursor.record(i % BlockLayout.VECTORS, record, offset);
    };
  }

  /** The list in which a vector counted through all lists is. */
  private int list(int slot) {
    int low = 0;
    int high = entries.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (before[middle] <= slot) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Heap held, in bytes. */
  long ramBytesUsed() {
    // An entry is an object of 48 bytes and a reference to it.
    return quantizer.ramBytesUsed() + coarse.ramBytesUsed() + 60L * entries.length;
  }
}

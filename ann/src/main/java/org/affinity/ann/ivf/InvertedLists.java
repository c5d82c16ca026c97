/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IndexInput;

/**
 * One field's lists: on the heap where they are and their centroids, and once somebody asks for
 * records one by one, where each vector's is; the blocks stay in the file. Safe for use by any
 * number of threads.
 */
final class InvertedLists {

  private final IvfMetadata metadata;
  private final ProductQuantizer quantizer;
  private final CoarseQuantizer coarse;
  private final ListEntry[] entries;
  private final ListLayout layout;

  private final IndexInput file;
  private final float lowestWeight;
  private final float highestWeight;

  /** Made when somebody first asks for records one by one. */
  private volatile Locations locations;

  private InvertedLists(
      IvfMetadata metadata,
      ProductQuantizer quantizer,
      CoarseQuantizer coarse,
      ListEntry[] entries,
      IndexInput file) {
    this.metadata = metadata;
    this.quantizer = quantizer;
    this.coarse = coarse;
    this.entries = entries;
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
    int inLists = 0;
    ListLayout layout =
        ListLayout.of(quantizer.parameters().codeLength(), quantizer.recordLength());
    for (int list = 0; list < entries.length; list++) {
      ListEntry entry = ListEntry.read(index);
      entries[list] = entry;
      if (entry.count() < 0
          || entry.count() > metadata.count() - inLists
          || entry.bits() < 0
          || entry.bits() >= Integer.SIZE
          || entry.offset() < 0
          || entry.offset() % AffinityIvfPqVectorsFormat.ALIGNMENT != 0
          || entry.offset()
              > metadata.listsLength() - (long) entry.blocks() * layout.blockLength(entry.bits())) {
        throw new CorruptIndexException("list " + list + ": " + entry, index);
      }
      inLists += entry.count();
    }
    if (inLists != metadata.count()) {
      throw new CorruptIndexException(
          inLists + " vectors in lists, " + metadata.count() + " in all", index);
    }
    return new InvertedLists(metadata, quantizer, coarse, entries, file);
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
    return new ListCursor(slice(), layout, quantizer);
  }

  private IndexInput slice() throws IOException {
    return file.slice("lists", metadata.listsOffset(), metadata.listsLength());
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
    Locations kept = locations;
    return records(kept == null ? locate() : kept);
  }

  /** The same; the ints are kept as long as these lists, for all who ask. */
  CodedVectors.Records keptRecords() throws IOException {
    Locations kept = locations;
    if (kept == null) {
      synchronized (this) {
        kept = locations;
        if (kept == null) {
          kept = locate();
          locations = kept;
        }
      }
    }
    return records(kept);
  }

  private CodedVectors.Records records(Locations where) throws IOException {
    ListCursor cursor = new ListCursor(slice(), layout, quantizer, where.blocks());
    int[] slots = where.slots();
    return (ord, record, offset) -> {
      cursor.go(slots[ord] / BlockLayout.VECTORS);
      cursor.record(slots[ord] % BlockLayout.VECTORS, record, offset);
    };
  }

  private Locations locate() throws IOException {
    try {
      int[] slots = new int[metadata.count()];
      ListCursor cursor = cursor();
      for (ListEntry entry : entries) {
        cursor.open(entry);
        for (int i = 0; i < entry.count(); i++) {
          if (i % BlockLayout.VECTORS == 0) {
            cursor.block(i / BlockLayout.VECTORS);
          }
          int vector = i % BlockLayout.VECTORS;
          slots[cursor.ord(vector)] = cursor.number() * BlockLayout.VECTORS + vector;
        }
      }
      return new Locations(slots, cursor);
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed while they were read", e);
    }
  }

  /**
   * Where records are.
   *
   * @param slots by ordinal, 128 times the number of the block, and the place in it
   * @param blocks knows all of them
   */
  private record Locations(int[] slots, ListCursor blocks) {}

  /** Heap held, in bytes. */
  long ramBytesUsed() {
    // An entry is an object of 48 bytes and a reference to it.
    long located = locations == null ? 0 : (long) Integer.BYTES * metadata.count();
    return quantizer.ramBytesUsed() + coarse.ramBytesUsed() + 60L * entries.length + located;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.scan;

import java.io.IOException;
import java.util.Arrays;
import org.affinity.ann.search.CandidateSearch;
import org.affinity.quantization.ByteTable;
import org.affinity.quantization.DistanceTable;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Compares one query with blocks of codes and keeps the best. The estimate that still counts
 * becomes a threshold on sums, so blocks without a competitive vector cost the kernel and nothing
 * else.
 *
 * <p>The byte table is made for all scores that codes can have. Where vectors far from all others
 * take its resolution, that is, where its rounding is no smaller than the differences of the worse
 * half of what is kept, the float table scores what passes, and another byte table is made for
 * scores from what is kept on.
 *
 * <p>For one thread.
 */
public final class CodeScan {

  private final DistanceTable floats;
  private final float lowestWeight;
  private final float highestWeight;
  private final BlockCursor blocks;
  private final Bits accepted;
  private final VisitCount visits;
  private final Candidates candidates;
  private final BlockSums sums = new BlockSums();
  private final byte[] record;

  private ByteTable table;

  /** Whether the table's noise is no small matter, so that the float table must decide. */
  private boolean coarse;

  /** A threshold above this may be too close to the better half for the table's noise. */
  private double fineBelow = Double.POSITIVE_INFINITY;

  /** What the worse half of the kept differed by when the table was made. */
  private double told = Double.POSITIVE_INFINITY;

  /** Of the blocks at hand. */
  private float leastWeight;

  private float mostWeight;

  /** What the kernel's threshold was made for. */
  private float least = Float.NaN;

  private int threshold;
  private int scanned;

  /**
   * @param lowestWeight of all codes, 1 where they have none
   * @param highestWeight of all codes, 1 where they have none
   * @param wanted candidates to keep, at least 1
   * @param accepted ordinals that may be kept; null for all
   * @param visits counts all vectors of a block, or those that are looked at one by one because of
   *     {@code accepted}
   */
  public CodeScan(
      ProductQuantizer quantizer,
      float[] query,
      float lowestWeight,
      float highestWeight,
      int wanted,
      BlockCursor blocks,
      Bits accepted,
      VisitCount visits) {
    this.floats = quantizer.bind(query);
    this.table = floats.quantized();
    this.lowestWeight = lowestWeight;
    this.highestWeight = highestWeight;
    this.blocks = blocks;
    this.accepted = accepted;
    this.visits = visits;
    this.candidates = new Candidates(wanted);
    this.record = new byte[quantizer.recordLength()];
    weights(lowestWeight, highestWeight);
  }

  /** Narrows the weights of the blocks that come next. */
  public void weights(float lowest, float highest) {
    leastWeight = lowest;
    mostWeight = highest;
    least = Float.NaN;
  }

  /** Whether enough was found that worse ones are turned away. */
  public boolean isFull() {
    return candidates.threshold() > Float.NEGATIVE_INFINITY;
  }

  /** Estimates must be above this to matter; negative infinity as long as all do. */
  public float threshold() {
    return candidates.threshold();
  }

  /** How many were found, more than wanted at times. */
  public int size() {
    return candidates.size();
  }

  /** How many codes were compared. */
  public int scanned() {
    return scanned;
  }

  /**
   * Scans the cursor's block.
   *
   * @param count how many of its vectors there are, 1 to 128
   * @return how many new candidates there were; -1 if no more visits are allowed
   */
  public int scan(int count) throws IOException {
    return scan(count, -1L, -1L);
  }

  /**
   * The same for some vectors of the block.
   *
   * @param some0 bit j: vector j may be kept
   * @param some1 bit j: vector 64 + j may be kept
   */
  public int scan(int count, long some0, long some1) throws IOException {
    int allowed = accepted == null ? visits.visit(count) : visits.isOver() ? 0 : count;
    if (allowed == 0) {
      return -1;
    }
    scanned += allowed;
    int added;
    try {
      added = keep(allowed, some0, some1);
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed during a search", e);
    }
    return allowed < count ? -1 : added;
  }

  private int keep(int count, long some0, long some1) throws IOException {
    if (least != candidates.threshold()) {
      least = candidates.threshold();
      double slack = coarse ? table.noise() : 0;
      threshold = table.threshold(least, slack, leastWeight, mostWeight);
    }
    if (!blocks.scan(table.entries(), threshold, sums)) {
      return 0;
    }
    ByteTable summed = table;
    long mask0 = sums.mask0 & some0 & (count < Long.SIZE ? (1L << count) - 1 : -1L);
    long mask1 = sums.mask1 & some1 & upper(count);
    int added = 0;
    for (; mask0 != 0; mask0 &= mask0 - 1) {
      added += offer(Long.numberOfTrailingZeros(mask0));
      if (table != summed) {
        return added + keep(count, mask0 & (mask0 - 1), some1);
      }
    }
    for (; mask1 != 0; mask1 &= mask1 - 1) {
      added += offer(Long.SIZE + Long.numberOfTrailingZeros(mask1));
      if (table != summed) {
        return added + keep(count, 0, mask1 & (mask1 - 1));
      }
    }
    return added;
  }

  private static long upper(int count) {
    if (count == BlockLayout.VECTORS) {
      return -1L;
    }
    return count <= Long.SIZE ? 0 : (1L << (count - Long.SIZE)) - 1;
  }

  private int offer(int vector) throws IOException {
    float weight = blocks.weight(vector);
    float estimate = table.estimate(sums.sum(vector), weight);
    if (coarse && estimate + weight * table.noise() >= candidates.threshold()) {
      estimate = score(vector);
    }
    if (!(estimate > candidates.threshold())) {
      return 0;
    }
    if (accepted != null && (!accepted.get(blocks.ord(vector)) || visits.visit(1) == 0)) {
      return 0;
    }
    boolean room = candidates.add(estimate, blocks.number() * BlockLayout.VECTORS + vector);
    if (!room || candidates.threshold() > fineBelow) {
      select();
    }
    return 1;
  }

  private void select() throws IOException {
    int all = candidates.size();
    candidates.select();
    if (candidates.size() == all) {
      return;
    }
    double range = candidates.range();
    double spare = range - highestWeight * table.noise();
    if (spare > 0) {
      coarse = false;
      fineBelow = candidates.threshold() + spare;
      least = Float.NaN;
      return;
    }
    fineBelow = Double.POSITIVE_INFINITY;
    if (!coarse) {
      coarse = true;
      least = Float.NaN;
      candidates.restore(all);
      int current = blocks.number();
      for (int i = 0; i < all; i++) {
        int location = candidates.location(i);
        blocks.go(location / BlockLayout.VECTORS);
        candidates.set(i, score(location % BlockLayout.VECTORS));
      }
      blocks.go(current);
      candidates.select();
      range = candidates.range();
    }
    if (range < told / 2) {
      told = range;
      table = floats.quantized(candidates.threshold(), lowestWeight, highestWeight);
      least = Float.NaN;
    }
  }

  /** The score of the float table for a vector of the block. */
  private float score(int vector) {
    blocks.record(vector, record, 0);
    return floats.score(record, 0);
  }

  /**
   * Hands the best to a collector: with what codes say of their scores where its caller rescores
   * ({@link CandidateSearch}), which is told what was done, or else with the scores of their raw
   * vectors. Ends the scan.
   *
   * @param method the format's, for a profile
   * @param lists that were scanned
   */
  public void collect(
      String method,
      int lists,
      VectorSimilarityFunction similarity,
      RandomVectorScorer raw,
      KnnCollector collector)
      throws IOException {
    if (!(collector.getSearchStrategy() instanceof CandidateSearch search)) {
      int[] ords = best();
      Arrays.sort(ords);
      new RawScan(raw, collector).rescore(ords);
      return;
    }
    if (search.takesDocuments()) {
      int[] docs = best();
      Arrays.setAll(docs, i -> raw.ordToDoc(docs[i]));
      search.documents(docs);
    } else {
      int[] ords = bestFirst();
      for (int i = 0; i < ords.length; i++) {
        collector.collect(raw.ordToDoc(ords[i]), toScore(similarity, candidates.estimate(i)));
      }
    }
    search.report(method, lists, scanned, 0, false);
  }

  /** The score that an estimate stands for: an inner product, a cosine or −distance². */
  public static float toScore(VectorSimilarityFunction similarity, float estimate) {
    return switch (similarity) {
      case EUCLIDEAN -> VectorUtil.normalizeDistanceToUnitInterval(Math.max(0, -estimate));
      case COSINE, DOT_PRODUCT -> VectorUtil.normalizeToUnitInterval(estimate);
      case MAXIMUM_INNER_PRODUCT -> VectorUtil.scaleMaxInnerProductScore(estimate);
    };
  }

  /** The ordinals of the best, as many as wanted or as there were, best first. Ends the scan. */
  public int[] bestFirst() throws IOException {
    return ords(true);
  }

  /** {@link #bestFirst} in no order. */
  private int[] best() throws IOException {
    return ords(false);
  }

  private int[] ords(boolean sorted) throws IOException {
    visits.finish();
    try {
      select();
      if (sorted) {
        candidates.sort();
      }
      int[] ords = new int[candidates.size()];
      for (int i = 0; i < ords.length; i++) {
        int location = candidates.location(i);
        blocks.go(location / BlockLayout.VECTORS);
        ords[i] = blocks.ord(location % BlockLayout.VECTORS);
      }
      return ords;
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the codes were closed during a search", e);
    }
  }
}

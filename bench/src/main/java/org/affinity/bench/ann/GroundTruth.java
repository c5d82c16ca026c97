/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.affinity.bench.report.VecsFile;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.hnsw.FloatHeap;

/**
 * By query the exact scores of the 10th and the 100th best row, found by comparing every query with
 * every eligible row. A hit that scores as much is right, so ties count.
 */
public final class GroundTruth {

  static final List<Integer> DEPTHS = List.of(10, 100);

  /** Peers score vectors scaled to length 1: equal but for rounding. */
  private static final float TOLERANCE = 1e-6f;

  private static final int BLOCK = 16;

  private final float[] scores;

  private GroundTruth(float[] scores) {
    this.scores = scores;
  }

  /** The truth of a set, from its folder if it was found before. */
  static GroundTruth of(VectorSet set, Filter filter, FixedBitSet eligible) throws IOException {
    String name = filter == null ? "all" : filter.term();
    Path file = set.folder().resolve("truth-" + set.queries().size() + "-" + name + ".f32");
    if (Files.notExists(file)) {
      float[] found = search(set, name, eligible);
      ByteBuffer bytes = ByteBuffer.allocate(found.length * Float.BYTES);
      bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(found);
      VectorFile.write(file, out -> out.write(bytes.array()));
    }
    byte[] bytes = Files.readAllBytes(file);
    float[] scores = new float[bytes.length / Float.BYTES];
    if (scores.length != DEPTHS.size() * set.queries().size()) {
      throw new IOException(file + " does not belong to these queries; delete it");
    }
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(scores);
    GroundTruth truth = new GroundTruth(scores);
    if (filter == null && set.given() != null) {
      truth.checkGiven(set);
    }
    return truth;
  }

  /** The truth of a set without a filter, from its folder if it was found before. */
  public static GroundTruth of(VectorSet set) throws IOException {
    return of(set, null, null);
  }

  /** Counts the right ones among the first k hits of a query. */
  public int right(VectorSet set, int query, int k, int[] hits, int count, float[] row) {
    float threshold = scores[query * DEPTHS.size() + DEPTHS.indexOf(k)];
    threshold -= TOLERANCE * Math.abs(threshold);
    float[] target = set.queries().get(query);
    int right = 0;
    for (int i = 0; i < Math.min(k, count); i++) {
      set.base().copy(hits[i], row);
      right += set.score(target, row) >= threshold ? 1 : 0;
    }
    return right;
  }

  private static float[] search(VectorSet set, String name, FixedBitSet eligible) {
    int queries = set.queries().size();
    float[] found = new float[queries * DEPTHS.size()];
    int blocks = (queries + BLOCK - 1) / BLOCK;
    try (Progress progress = new Progress("truth of " + set.name() + ", " + name, blocks)) {
      IntStream.range(0, blocks)
          .parallel()
          .forEach(
              block -> {
                searchBlock(set, eligible, block * BLOCK, found);
                progress.step("");
              });
    }
    return found;
  }

  private static void searchBlock(VectorSet set, FixedBitSet eligible, int from, float[] found) {
    int count = Math.min(BLOCK, set.queries().size() - from);
    float[][] targets = new float[count][];
    FloatHeap[][] best = new FloatHeap[count][DEPTHS.size()];
    for (int q = 0; q < count; q++) {
      targets[q] = set.queries().get(from + q);
      for (int depth = 0; depth < DEPTHS.size(); depth++) {
        best[q][depth] = new FloatHeap(DEPTHS.get(depth));
      }
    }
    float[] row = new float[set.dimension()];
    for (int i = 0; i < set.base().size(); i++) {
      if (eligible != null && !eligible.get(i)) {
        continue;
      }
      set.base().copy(i, row);
      for (int q = 0; q < count; q++) {
        float score = set.score(targets[q], row);
        for (FloatHeap heap : best[q]) {
          heap.offer(score);
        }
      }
    }
    for (int q = 0; q < count; q++) {
      for (int depth = 0; depth < DEPTHS.size(); depth++) {
        found[(from + q) * DEPTHS.size() + depth] = best[q][depth].peek();
      }
    }
  }

  /** The answers that came with the data must be as good as ours. */
  private void checkGiven(VectorSet set) throws IOException {
    List<int[]> given = VecsFile.integers(set.given());
    float[] row = new float[set.dimension()];
    for (int q = 0; q < set.queries().size(); q++) {
      int place = set.queries().place(q);
      if (place >= given.size()) {
        break;
      }
      for (int k : DEPTHS) {
        if (given.get(place).length >= k && right(set, q, k, given.get(place), k, row) < k) {
          throw new IOException(
              set.given() + ", row " + place + ": rows that are not among the " + k + " nearest");
        }
      }
    }
  }
}

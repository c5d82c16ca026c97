/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;

/**
 * Some matches of one segment in ascending order, scored together: what is known of them tells
 * which can still reach the least score that counts, and only of those the dear parts are looked
 * up. A score is the same bits as {@link BlendScorer}'s. Allocates nothing once made. For one
 * thread.
 */
final class BlendBatch {

  /** The most documents in a batch. */
  static final int SIZE = SegmentSignals.BATCH;

  private final BlendParts parts;
  private final int[] docs = new int[SIZE];

  private final float[] relevance = new float[SIZE];

  /** What relevance adds. */
  private final double[] relevanceParts = new double[SIZE];

  private final float[] scores = new float[SIZE];

  /** Relevance and the parts looked up so far; for bounds alone, as it adds in another order. */
  private final double[] known = new double[SIZE];

  /** By part of {@link BlendParts}, then by document. */
  private final double[][] values;

  private int size;

  BlendBatch(BlendParts parts) {
    this.parts = parts;
    this.values = new double[parts.count()][SIZE];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** Adds a document the keywords match behind those before it; there must be room. */
  void add(int doc, float itsRelevance) {
    docs[size] = doc;
    relevance[size] = itsRelevance;
    relevanceParts[size] = parts.formula().relevancePart(itsRelevance);
    size++;
  }

  /** Adds one that recall alone found: its relevance is 0, and adds nothing. */
  void addRecalled(int doc) {
    docs[size] = doc;
    relevance[size] = 0;
    relevanceParts[size] = 0;
    size++;
  }

  int doc(int i) {
    return docs[i];
  }

  /** After {@link #score}. */
  float score(int i) {
    return scores[i];
  }

  /** Scores all; those that score less than {@code minScore} may be left out. */
  void score(float minScore) throws IOException {
    double least = minScore > 0 ? parts.formula().minSum(minScore) : Double.NEGATIVE_INFINITY;
    System.arraycopy(relevanceParts, 0, known, 0, size);
    double unknown = parts.upperBound(0);
    drop(least - unknown, 0);
    for (int done = 0; done < values.length && size > 0; done++) {
      double[] column = values[done];
      parts.values(done, docs, size, column);
      for (int i = 0; i < size; i++) {
        known[i] += column[i];
      }
      drop(least - parts.upperBound(done + 1), done + 1);
    }
    for (int i = 0; i < size; i++) {
      scores[i] = parts.formula().score(relevance[i], relevanceParts[i], sum(i));
    }
  }

  /** In the order of {@link BlendParts#sum}. */
  private double sum(int i) {
    double sum = 0;
    for (int part = 0; part < values.length; part++) {
      sum += values[parts.column(part)][i];
    }
    return sum;
  }

  /**
   * Leaves out documents of which less is known.
   *
   * @param columns of values that are filled
   */
  private void drop(double least, int columns) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (known[i] < least) {
        continue;
      }
      if (kept < i) {
        docs[kept] = docs[i];
        relevance[kept] = relevance[i];
        relevanceParts[kept] = relevanceParts[i];
        known[kept] = known[i];
        for (int column = 0; column < columns; column++) {
          values[column][kept] = values[column][i];
        }
      }
      kept++;
    }
    size = kept;
  }
}

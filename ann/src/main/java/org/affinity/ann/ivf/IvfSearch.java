/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.quantization.ByteTable;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.util.Bits;

/**
 * One search of one segment's lists. Scans the codes of the most promising lists; an estimate worse
 * than the best so far, as many as will be rescored, never leaves the kernel. For one thread.
 */
final class IvfSearch {

  private final InvertedLists lists;
  private final ListRanking ranking;
  private final ListCursor cursor;
  private final ByteTable table;
  private final byte[] entries;
  private final Bits accepted;
  private final Candidates candidates;
  private final KnnCollector collector;
  private final VisitCount visits;
  private final BlockSums sums = new BlockSums();

  private float lowestWeight;
  private float highestWeight;

  /** Candidates from the list at hand. */
  private int added;

  /** Sums below this cannot beat the candidates, in the list at hand. */
  private int threshold;

  /**
   * @param accepted by ordinal; null if all are
   */
  IvfSearch(
      InvertedLists lists, float[] query, Effort effort, Bits accepted, KnnCollector collector)
      throws IOException {
    this.lists = lists;
    double perList = (double) lists.metadata().count() / lists.entries().length;
    int planned = (int) Math.min(lists.entries().length, effort.most() / perList + 16);
    this.ranking = new ListRanking(lists, lists.quantizer().metric(), query, planned);
    this.cursor = lists.cursor();
    this.table = lists.quantizer().bind(query).quantized();
    this.entries = table.entries();
    this.accepted = accepted;
    this.candidates = new Candidates(effort.rescored());
    this.collector = collector;
    this.visits = new VisitCount(collector);
  }

  /**
   * Scans lists until the effort is spent or they have stopped giving, and enough was found.
   *
   * @param enough candidates to go on for, whatever the effort
   */
  Candidates scan(Effort effort, int enough) throws IOException {
    int nprobes = lists.metadata().nprobes() == 0 ? Integer.MAX_VALUE : lists.metadata().nprobes();
    try {
      int scanned = 0;
      double rate = 1;
      for (int probed = 0; ; probed++) {
        boolean spent =
            scanned >= effort.most()
                || probed >= nprobes
                || (rate < effort.rate() && candidates.threshold() > Float.NEGATIVE_INFINITY);
        if (spent && candidates.size() >= enough) {
          break;
        }
        int list = ranking.next();
        if (list < 0) {
          break;
        }
        ListEntry entry = lists.entry(list);
        added = 0;
        if (!scan(entry)) {
          break;
        }
        scanned += entry.count();
        candidates.tighten();
        if (entry.count() > 0) {
          double old = Math.exp(-entry.count() / effort.window());
          rate = old * rate + (1 - old) * added / entry.count();
        }
      }
    } catch (IllegalStateException e) {
      throw new AlreadyClosedException("the lists were closed during a search", e);
    }
    visits.finish();
    return candidates;
  }

  /** Returns false if the collector wants no more. */
  private boolean scan(ListEntry entry) throws IOException {
    lowestWeight = entry.lowestWeight();
    highestWeight = entry.highestWeight();
    cursor.open(entry);
    tighten();
    for (int number = 0, left = entry.count(); left > 0; number++, left -= BlockLayout.VECTORS) {
      int count = Math.min(left, BlockLayout.VECTORS);
      if (accepted == null) {
        int allowed = visits.visit(count);
        if (allowed < count) {
          scanBlock(number, allowed);
          return false;
        }
      } else if (collector.earlyTerminated()) {
        return false;
      }
      scanBlock(number, count);
    }
    return true;
  }

  private void tighten() {
    threshold = table.threshold(candidates.threshold(), lowestWeight, highestWeight);
  }

  private void scanBlock(int number, int count) throws IOException {
    cursor.block(number);
    if (!cursor.scan(entries, threshold, sums)) {
      return;
    }
    long mask0 = sums.mask0;
    long mask1 = sums.mask1;
    if (count < BlockLayout.VECTORS) {
      mask0 &= count < Long.SIZE ? (1L << count) - 1 : -1L;
      mask1 &= count <= Long.SIZE ? 0 : (1L << (count - Long.SIZE)) - 1;
    }
    for (; mask0 != 0; mask0 &= mask0 - 1) {
      offer(Long.numberOfTrailingZeros(mask0));
    }
    for (; mask1 != 0; mask1 &= mask1 - 1) {
      offer(Long.SIZE + Long.numberOfTrailingZeros(mask1));
    }
  }

  private void offer(int vector) {
    float estimate = table.estimate(sums.sum(vector), cursor.weight(vector));
    if (!(estimate > candidates.threshold())) {
      return;
    }
    int ord = cursor.ord(vector);
    if (accepted != null && (!accepted.get(ord) || visits.visit(1) == 0)) {
      return;
    }
    added++;
    if (candidates.add(estimate, ord)) {
      tighten();
    }
  }
}

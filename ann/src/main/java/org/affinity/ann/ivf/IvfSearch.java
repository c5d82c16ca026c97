/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.ann.scan.CodeScan;
import org.affinity.ann.scan.VisitCount;
import org.affinity.quantization.simd.BlockLayout;
import org.apache.lucene.util.Bits;

/**
 * One search of one segment's lists. Scans the codes of the most promising lists, but of none whose
 * vectors cannot be among the candidates. For one thread.
 */
final class IvfSearch {

  private final InvertedLists lists;
  private final Effort effort;
  private final ListRanking ranking;
  private final ListCursor cursor;
  private final CodeScan scan;
  private int probed;

  /**
   * @param accepted by ordinal; null if all are
   */
  IvfSearch(InvertedLists lists, float[] query, Effort effort, Bits accepted, VisitCount visits)
      throws IOException {
    this.lists = lists;
    this.effort = effort;
    double perList = (double) lists.metadata().count() / lists.entries().length;
    int planned = (int) Math.min(lists.entries().length, effort.most() / perList + 16);
    this.ranking = new ListRanking(lists, lists.quantizer().metric(), query, planned);
    this.cursor = lists.cursor();
    this.scan =
        new CodeScan(
            lists.quantizer(),
            query,
            lists.lowestWeight(),
            lists.highestWeight(),
            effort.rescored(),
            cursor,
            accepted,
            visits);
  }

  /**
   * Scans lists until the effort is spent or they have stopped giving, and enough was found.
   *
   * @param nprobes lists to scan at most, as long as enough was found
   * @param enough candidates to go on for, whatever the effort
   */
  CodeScan search(int nprobes, int enough) throws IOException {
    double rate = 1;
    for (; ; probed++) {
      boolean spent =
          scan.scanned() >= effort.most()
              || probed >= nprobes
              || (rate < effort.rate() && scan.isFull());
      if (spent && scan.size() >= enough) {
        break;
      }
      int list = ranking.next();
      if (list < 0) {
        break;
      }
      ListEntry entry = lists.entry(list);
      int added = ranking.bound(entry) <= scan.threshold() ? 0 : scan(entry);
      if (added < 0) {
        break;
      }
      if (entry.count() > 0) {
        double old = Math.exp(-entry.count() / effort.window());
        rate = old * rate + (1 - old) * added / entry.count();
      }
    }
    return scan;
  }

  /** How many lists were scanned. */
  int probed() {
    return probed;
  }

  /** Returns how many candidates a list gave; -1 if no more visits are allowed. */
  private int scan(ListEntry entry) throws IOException {
    scan.weights(entry.lowestWeight(), entry.highestWeight());
    cursor.open(entry);
    int added = 0;
    for (int number = 0, left = entry.count(); left > 0; number++, left -= BlockLayout.VECTORS) {
      cursor.block(number);
      int some = scan.scan(Math.min(left, BlockLayout.VECTORS));
      if (some < 0) {
        return -1;
      }
      added += some;
    }
    return added;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.Map;
import java.util.TreeMap;
import org.affinity.ann.search.SearchPlan;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.test.OpenSearchTestCase;

public class SearchCountersTests extends OpenSearchTestCase {

  private final ShardId shard = new ShardId("books", "uuid", 0);
  private final ShardId other = new ShardId("books", "uuid", 1);

  private static SearchPlan plan(String method, SearchPlan.Work work) {
    return new SearchPlan(
        new TreeMap<>(Map.of(method, work, "exact", new SearchPlan.Work(1, 0, 50, 0))), -1, false);
  }

  public void testCountsByShardAndField() throws Exception {
    SearchCounters counters = new SearchCounters();
    counters.open(shard);
    SearchPlan search = plan("ivf", new SearchPlan.Work(2, 8, 250, 30));
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  counters.listener(shard).searched("taste", search);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(new SearchStats(0, 4000, 32000, 1200000, 120000), counters.of(shard, "taste"));
    assertEquals(SearchStats.NONE, counters.of(shard, "plot"));
    assertEquals(SearchStats.NONE, counters.of(other, "taste"));
  }

  public void testExactIsWhatComparedAllVectors() {
    SearchCounters counters = new SearchCounters();
    counters.open(shard);
    counters
        .listener(shard)
        .searched("taste", new SearchPlan(new TreeMap<>(Map.of("exact", WORK)), 7, false));
    counters.listener(shard).searched("taste", plan("graph", WORK));
    assertEquals(new SearchStats(1, 1, 0, 250, 0), counters.of(shard, "taste"));
  }

  private static final SearchPlan.Work WORK = new SearchPlan.Work(1, 0, 100, 0);

  public void testAClosedShardIsForgottenAndCountsNoMore() {
    SearchCounters counters = new SearchCounters();
    counters.open(shard);
    counters.listener(shard).searched("taste", plan("ivf", WORK));
    counters.close(shard);
    counters.listener(shard).searched("taste", plan("ivf", WORK));
    assertEquals(SearchStats.NONE, counters.of(shard, "taste"));
    counters.open(shard);
    assertEquals(SearchStats.NONE, counters.of(shard, "taste"));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import org.opensearch.core.index.shard.ShardId;
import org.opensearch.test.OpenSearchTestCase;

public class SearchCountersTests extends OpenSearchTestCase {

  public void testCountsByShardAndField() throws Exception {
    SearchCounters counters = new SearchCounters();
    ShardId shard = new ShardId("books", "uuid", 0);
    ShardId other = new ShardId("books", "uuid", 1);
    SearchStats search = new SearchStats(0, 1, 8, 300, 30);
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  counters.add(shard, "taste", search);
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
    counters.remove(shard);
    assertEquals(SearchStats.NONE, counters.of(shard, "taste"));
  }
}

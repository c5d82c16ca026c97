/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.affinity.ann.search.SearchListener;
import org.affinity.ann.search.SearchPlan;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.index.shard.IndexEventListener;
import org.opensearch.index.shard.IndexShard;

/**
 * What searches did on the shards of this node since each was opened; on others nothing is counted.
 * Safe for use by any number of threads.
 */
public final class SearchCounters implements IndexEventListener {

  private final Map<ShardId, Map<String, FieldCounters>> shards = new ConcurrentHashMap<>();

  /** Counts the searches of one shard. */
  public SearchListener listener(ShardId shard) {
    return (field, plan) -> add(shard, field, plan);
  }

  private void add(ShardId shard, String field, SearchPlan plan) {
    Map<String, FieldCounters> fields = shards.get(shard);
    if (fields != null) {
      fields.computeIfAbsent(field, key -> new FieldCounters()).add(plan);
    }
  }

  @Override
  public void afterIndexShardCreated(IndexShard shard) {
    open(shard.shardId());
  }

  @Override
  public void afterIndexShardClosed(ShardId shard, IndexShard closed, Settings settings) {
    close(shard);
  }

  void open(ShardId shard) {
    shards.put(shard, new ConcurrentHashMap<>());
  }

  void close(ShardId shard) {
    shards.remove(shard);
  }

  SearchStats of(ShardId shard, String field) {
    FieldCounters counters = shards.getOrDefault(shard, Map.of()).get(field);
    return counters == null ? SearchStats.NONE : counters.sum();
  }

  private static final class FieldCounters {
    private final LongAdder exact = new LongAdder();
    private final LongAdder ann = new LongAdder();
    private final LongAdder listsProbed = new LongAdder();
    private final LongAdder candidates = new LongAdder();
    private final LongAdder rescored = new LongAdder();

    void add(SearchPlan plan) {
      (plan.exact() ? exact : ann).increment();
      listsProbed.add(plan.listsProbed());
      candidates.add(plan.compared());
      rescored.add(plan.rescored());
    }

    SearchStats sum() {
      return new SearchStats(
          exact.sum(), ann.sum(), listsProbed.sum(), candidates.sum(), rescored.sum());
    }
  }
}

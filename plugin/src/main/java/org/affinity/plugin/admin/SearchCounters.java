/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.opensearch.core.index.shard.ShardId;

/**
 * What searches did on the shards of this node since each was opened. Safe for use by any number of
 * threads.
 */
public final class SearchCounters {

  private final Map<ShardId, Map<String, SearchStats>> shards = new ConcurrentHashMap<>();

  /** Counts a search of one field on one shard. */
  public void add(ShardId shard, String field, SearchStats search) {
    shards
        .computeIfAbsent(shard, key -> new ConcurrentHashMap<>())
        .merge(field, search, SearchStats::plus);
  }

  /** Forgets a shard that is no longer here. */
  public void remove(ShardId shard) {
    shards.remove(shard);
  }

  SearchStats of(ShardId shard, String field) {
    return shards.getOrDefault(shard, Map.of()).getOrDefault(field, SearchStats.NONE);
  }
}

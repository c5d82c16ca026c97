/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.List;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.ActionType;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.plugins.ActionPlugin.ActionHandler;
import org.opensearch.rest.RestHandler;
import org.opensearch.threadpool.ExecutorBuilder;
import org.opensearch.threadpool.ScalingExecutorBuilder;

/** The table of contents: what this package adds to OpenSearch. */
public final class AdminActions {

  static final ActionType<IndexStatsResponse> INDEX_STATS =
      new ActionType<>("indices:monitor/affinity/stats", IndexStatsResponse::new);

  static final ActionType<NodesStatsResponse> NODES_STATS =
      new ActionType<>("cluster:monitor/affinity/stats", NodesStatsResponse::new);

  static final ActionType<WarmupResponse> WARMUP =
      new ActionType<>("indices:admin/affinity/warmup", WarmupResponse::new);

  /**
   * A node's warmups, one shard after the other: they wait for the disk, so several at a time are
   * no faster. A pool of their own, because the generic one would read all shards at once,
   * management's few threads answer the cluster's statistics, and behind a force merge they could
   * wait for hours.
   */
  static final String WARMUP_POOL = "affinity_warmup";

  private AdminActions() {}

  public static List<ActionHandler<? extends ActionRequest, ? extends ActionResponse>> handlers() {
    return List.of(
        new ActionHandler<>(INDEX_STATS, TransportIndexStatsAction.class),
        new ActionHandler<>(NODES_STATS, TransportNodesStatsAction.class),
        new ActionHandler<>(WARMUP, TransportWarmupAction.class));
  }

  public static List<RestHandler> restHandlers() {
    return List.of(new RestIndexStatsAction(), new RestNodesStatsAction(), new RestWarmupAction());
  }

  public static List<ExecutorBuilder<?>> executors() {
    return List.of(new ScalingExecutorBuilder(WARMUP_POOL, 0, 1, TimeValue.timeValueMinutes(5)));
  }
}

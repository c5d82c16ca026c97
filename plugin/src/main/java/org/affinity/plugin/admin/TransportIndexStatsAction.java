/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.List;
import org.opensearch.action.support.ActionFilters;
import org.opensearch.action.support.broadcast.node.TransportBroadcastByNodeAction;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.block.ClusterBlockException;
import org.opensearch.cluster.block.ClusterBlockLevel;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.routing.ShardRouting;
import org.opensearch.cluster.routing.ShardsIterator;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.inject.Inject;
import org.opensearch.core.action.support.DefaultShardOperationFailedException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.index.shard.IndexShard;
import org.opensearch.indices.IndicesService;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.TransportService;

/** Collects {@link ShardStats} from every copy of every shard, node by node. */
public final class TransportIndexStatsAction
    extends TransportBroadcastByNodeAction<IndexStatsRequest, IndexStatsResponse, ShardStats> {

  private final IndicesService indices;
  private final ShardInspector inspector;

  @Inject
  public TransportIndexStatsAction(
      ClusterService clusterService,
      TransportService transportService,
      IndicesService indices,
      SearchCounters searches,
      ActionFilters actionFilters,
      IndexNameExpressionResolver resolver) {
    super(
        AdminActions.INDEX_STATS.name(),
        clusterService,
        transportService,
        actionFilters,
        resolver,
        IndexStatsRequest::new,
        ThreadPool.Names.MANAGEMENT);
    this.indices = indices;
    this.inspector = new ShardInspector(searches);
  }

  @Override
  protected ShardsIterator shards(
      ClusterState state, IndexStatsRequest request, String[] concreteIndices) {
    return state.routingTable().allShards(concreteIndices);
  }

  @Override
  protected ClusterBlockException checkGlobalBlock(ClusterState state, IndexStatsRequest request) {
    return state.blocks().globalBlockedException(ClusterBlockLevel.METADATA_READ);
  }

  @Override
  protected ClusterBlockException checkRequestBlock(
      ClusterState state, IndexStatsRequest request, String[] concreteIndices) {
    return state.blocks().indicesBlockedException(ClusterBlockLevel.METADATA_READ, concreteIndices);
  }

  @Override
  protected ShardStats shardOperation(IndexStatsRequest request, ShardRouting routing)
      throws IOException {
    IndexShard shard =
        indices.indexServiceSafe(routing.shardId().getIndex()).getShard(routing.shardId().id());
    return new ShardStats(routing.getIndexName(), routing.primary(), inspector.inspect(shard));
  }

  @Override
  protected IndexStatsRequest readRequestFrom(StreamInput in) throws IOException {
    return new IndexStatsRequest(in);
  }

  @Override
  protected ShardStats readShardResult(StreamInput in) throws IOException {
    return new ShardStats(in);
  }

  @Override
  protected IndexStatsResponse newResponse(
      IndexStatsRequest request,
      int total,
      int successful,
      int failed,
      List<ShardStats> results,
      List<DefaultShardOperationFailedException> failures,
      ClusterState state) {
    return new IndexStatsResponse(total, successful, results, failures);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.affinity.quantization.simd.KernelSelection;
import org.apache.lucene.store.AlreadyClosedException;
import org.opensearch.action.FailedNodeException;
import org.opensearch.action.support.ActionFilters;
import org.opensearch.action.support.nodes.TransportNodesAction;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.inject.Inject;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.index.IndexService;
import org.opensearch.index.shard.IllegalIndexShardStateException;
import org.opensearch.index.shard.IndexShard;
import org.opensearch.indices.IndicesService;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.TransportService;

/** Collects {@link NodeStats}. */
public final class TransportNodesStatsAction
    extends TransportNodesAction<
        NodesStatsRequest, NodesStatsResponse, NodeStatsRequest, NodeStats> {

  private final IndicesService indices;
  private final ShardInspector inspector;

  @Inject
  public TransportNodesStatsAction(
      ThreadPool threadPool,
      ClusterService clusterService,
      TransportService transportService,
      IndicesService indices,
      SearchCounters searches,
      ActionFilters actionFilters) {
    super(
        AdminActions.NODES_STATS.name(),
        threadPool,
        clusterService,
        transportService,
        actionFilters,
        NodesStatsRequest::new,
        NodeStatsRequest::new,
        ThreadPool.Names.MANAGEMENT,
        NodeStats.class);
    this.indices = indices;
    this.inspector = new ShardInspector(searches);
  }

  @Override
  protected NodesStatsResponse newResponse(
      NodesStatsRequest request, List<NodeStats> nodes, List<FailedNodeException> failures) {
    return new NodesStatsResponse(clusterService.getClusterName(), nodes, failures);
  }

  @Override
  protected NodeStatsRequest newNodeRequest(NodesStatsRequest request) {
    return new NodeStatsRequest();
  }

  @Override
  protected NodeStats newNodeResponse(StreamInput in) throws IOException {
    return new NodeStats(in);
  }

  @Override
  protected NodeStats nodeOperation(NodeStatsRequest request) {
    List<ShardStats> shards = new ArrayList<>();
    for (IndexService index : indices) {
      for (IndexShard shard : index) {
        add(shard, shards);
      }
    }
    return new NodeStats(clusterService.localNode(), KernelSelection.describe(), shards);
  }

  private void add(IndexShard shard, List<ShardStats> shards) {
    try {
      Map<String, FieldStats> fields = inspector.inspect(shard);
      if (!fields.isEmpty()) {
        boolean primary = shard.routingEntry().primary();
        shards.add(new ShardStats(shard.shardId().getIndexName(), primary, fields));
      }
    } catch (AlreadyClosedException | IllegalIndexShardStateException ignored) {
      // A shard that is about to start or to leave has no statistics.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.opensearch.action.support.ActionFilters;
import org.opensearch.action.support.broadcast.BroadcastShardOperationFailedException;
import org.opensearch.action.support.broadcast.TransportBroadcastAction;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.block.ClusterBlockException;
import org.opensearch.cluster.block.ClusterBlockLevel;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.routing.GroupShardsIterator;
import org.opensearch.cluster.routing.ShardIterator;
import org.opensearch.cluster.routing.ShardRouting;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.inject.Inject;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.action.support.DefaultShardOperationFailedException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.index.shard.IndexShard;
import org.opensearch.indices.IndicesService;
import org.opensearch.tasks.Task;
import org.opensearch.transport.TransportService;

/**
 * Warms every active copy of every shard. By shard rather than by node: OpenSearch's broadcast by
 * node gives shards no task, so a cancelled one would go on reading.
 */
public final class TransportWarmupAction
    extends TransportBroadcastAction<
        WarmupRequest, WarmupResponse, WarmupShardRequest, WarmupShardResponse> {

  private final IndicesService indices;

  @Inject
  public TransportWarmupAction(
      ClusterService clusterService,
      TransportService transportService,
      IndicesService indices,
      ActionFilters actionFilters,
      IndexNameExpressionResolver resolver) {
    super(
        AdminActions.WARMUP.name(),
        clusterService,
        transportService,
        actionFilters,
        resolver,
        WarmupRequest::new,
        WarmupShardRequest::new,
        AdminActions.WARMUP_POOL);
    this.indices = indices;
  }

  /** Each copy in a group of its own: none stands in for another. */
  @Override
  protected GroupShardsIterator<ShardIterator> shards(
      ClusterState state, WarmupRequest request, String[] concreteIndices) {
    return state.routingTable().allActiveShardsGrouped(concreteIndices, true);
  }

  @Override
  protected ClusterBlockException checkGlobalBlock(ClusterState state, WarmupRequest request) {
    return state.blocks().globalBlockedException(ClusterBlockLevel.READ);
  }

  @Override
  protected ClusterBlockException checkRequestBlock(
      ClusterState state, WarmupRequest request, String[] concreteIndices) {
    return state.blocks().indicesBlockedException(ClusterBlockLevel.READ, concreteIndices);
  }

  @Override
  protected WarmupShardRequest newShardRequest(
      int shards, ShardRouting routing, WarmupRequest request) {
    return new WarmupShardRequest(routing.shardId(), request);
  }

  @Override
  protected WarmupShardResponse readShardResponse(StreamInput in) throws IOException {
    return new WarmupShardResponse(in);
  }

  @Override
  protected WarmupShardResponse shardOperation(WarmupShardRequest request, Task task)
      throws IOException {
    long start = System.nanoTime();
    ShardId id = request.shardId();
    IndexShard shard = indices.indexServiceSafe(id.getIndex()).getShard(id.id());
    Touched touched = new Warmup((WarmupTask) task, request.raw()).touch(shard);
    return new WarmupShardResponse(
        id,
        shard.routingEntry().currentNodeId(),
        shard.routingEntry().primary(),
        touched,
        TimeValue.timeValueNanos(System.nanoTime() - start));
  }

  @Override
  @SuppressWarnings("rawtypes") // as in the method it overrides
  protected WarmupResponse newResponse(
      WarmupRequest request, AtomicReferenceArray responses, ClusterState state) {
    List<WarmupShardResponse> shards = new ArrayList<>();
    List<DefaultShardOperationFailedException> failures = new ArrayList<>();
    for (int i = 0; i < responses.length(); i++) {
      Object response = responses.get(i);
      if (response instanceof WarmupShardResponse shard) {
        shards.add(shard);
      } else if (response instanceof BroadcastShardOperationFailedException failure) {
        failures.add(new DefaultShardOperationFailedException(failure));
      }
    }
    return new WarmupResponse(responses.length(), shards, failures);
  }
}

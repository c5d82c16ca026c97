/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.Map;
import org.opensearch.action.support.broadcast.BroadcastShardRequest;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.tasks.Task;

/** A {@link WarmupRequest}'s part for one copy of a shard. */
final class WarmupShardRequest extends BroadcastShardRequest {

  private final boolean raw;

  WarmupShardRequest(ShardId shard, WarmupRequest request) {
    super(shard, request);
    this.raw = request.raw();
  }

  WarmupShardRequest(StreamInput in) throws IOException {
    super(in);
    raw = in.readBoolean();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    out.writeBoolean(raw);
  }

  boolean raw() {
    return raw;
  }

  @Override
  public String getDescription() {
    return "warmup of " + shardId() + (raw ? ", raw vectors too" : "");
  }

  @Override
  public Task createTask(
      long id, String type, String action, TaskId parent, Map<String, String> headers) {
    return new WarmupTask(id, type, action, getDescription(), parent, headers);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opensearch.action.support.broadcast.BroadcastResponse;
import org.opensearch.core.action.support.DefaultShardOperationFailedException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;

/** What a warmup read, by index and shard. */
final class WarmupResponse extends BroadcastResponse {

  private final List<WarmupShardResponse> shards;

  WarmupResponse(
      int total,
      List<WarmupShardResponse> shards,
      List<DefaultShardOperationFailedException> failures) {
    super(total, shards.size(), failures.size(), failures);
    this.shards = List.copyOf(shards);
  }

  WarmupResponse(StreamInput in) throws IOException {
    super(in);
    shards = in.readList(WarmupShardResponse::new);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    out.writeList(shards);
  }

  List<WarmupShardResponse> shards() {
    return shards;
  }

  @Override
  protected void addCustomXContentFields(XContentBuilder builder, Params params)
      throws IOException {
    Map<String, List<WarmupShardResponse>> indices = new TreeMap<>();
    for (WarmupShardResponse shard : shards) {
      indices.computeIfAbsent(shard.getIndex(), key -> new ArrayList<>()).add(shard);
    }
    builder.startObject("indices");
    for (Map.Entry<String, List<WarmupShardResponse>> index : indices.entrySet()) {
      builder.startArray(index.getKey());
      for (WarmupShardResponse shard : index.getValue()) {
        shard.toXContent(builder, params);
      }
      builder.endArray();
    }
    builder.endObject();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.List;
import org.opensearch.action.support.broadcast.BroadcastResponse;
import org.opensearch.core.action.support.DefaultShardOperationFailedException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;

/** The embedding fields of indices: of their primary shards, and of all copies. */
final class IndexStatsResponse extends BroadcastResponse {

  private final List<ShardStats> shards;

  IndexStatsResponse(
      int total,
      int successful,
      List<ShardStats> shards,
      List<DefaultShardOperationFailedException> failures) {
    super(total, successful, failures.size(), failures);
    this.shards = List.copyOf(shards);
  }

  IndexStatsResponse(StreamInput in) throws IOException {
    super(in);
    shards = in.readList(ShardStats::new);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    out.writeList(shards);
  }

  List<ShardStats> shards() {
    return shards;
  }

  @Override
  protected void addCustomXContentFields(XContentBuilder builder, Params params)
      throws IOException {
    FieldTotals primaries = new FieldTotals();
    FieldTotals all = new FieldTotals();
    for (ShardStats shard : shards) {
      all.add(shard.index(), shard.fields());
      if (shard.primary()) {
        primaries.add(shard.index(), shard.fields());
      }
    }
    builder.startObject("indices");
    for (String index : all.indices()) {
      builder.startObject(index);
      primaries.write("primaries", index, builder, params);
      all.write("total", index, builder, params);
      builder.endObject();
    }
    builder.endObject();
  }
}

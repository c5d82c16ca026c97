/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.List;
import org.opensearch.action.support.nodes.BaseNodeResponse;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;

/** One node: the kernels it found fastest, and the shards it holds. */
final class NodeStats extends BaseNodeResponse implements ToXContentFragment {

  private final String kernels;
  private final List<ShardStats> shards;

  NodeStats(DiscoveryNode node, String kernels, List<ShardStats> shards) {
    super(node);
    this.kernels = kernels;
    this.shards = List.copyOf(shards);
  }

  NodeStats(StreamInput in) throws IOException {
    super(in);
    kernels = in.readString();
    shards = in.readList(ShardStats::new);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    out.writeString(kernels);
    out.writeList(shards);
  }

  String kernels() {
    return kernels;
  }

  List<ShardStats> shards() {
    return shards;
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.field("name", getNode().getName()).field("kernels", kernels);
    FieldTotals totals = new FieldTotals();
    for (ShardStats shard : shards) {
      totals.add(shard.index(), shard.fields());
    }
    builder.startObject("indices");
    for (String index : totals.indices()) {
      totals.write(index, index, builder, params);
    }
    return builder.endObject();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import org.opensearch.action.support.broadcast.BroadcastShardResponse;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;

/** What a warmup read of one copy of a shard. */
final class WarmupShardResponse extends BroadcastShardResponse implements ToXContentObject {

  private final String node;
  private final boolean primary;
  private final Touched touched;
  private final TimeValue took;

  WarmupShardResponse(
      ShardId shard, String node, boolean primary, Touched touched, TimeValue took) {
    super(shard);
    this.node = node;
    this.primary = primary;
    this.touched = touched;
    this.took = took;
  }

  WarmupShardResponse(StreamInput in) throws IOException {
    super(in);
    node = in.readString();
    primary = in.readBoolean();
    touched = new Touched(in);
    took = in.readTimeValue();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    out.writeString(node);
    out.writeBoolean(primary);
    touched.writeTo(out);
    out.writeTimeValue(took);
  }

  Touched touched() {
    return touched;
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder
        .startObject()
        .field("shard", getShardId().id())
        .field("primary", primary)
        .field("node", node)
        .field("vectors", touched.vectors());
    FieldStats.writeBytes(touched.bytes(), builder);
    return builder.humanReadableField("took_in_millis", "took", took).endObject();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.Map;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/** The embedding fields of one copy of a shard. */
record ShardStats(String index, boolean primary, Map<String, FieldStats> fields)
    implements Writeable {

  ShardStats {
    fields = Map.copyOf(fields);
  }

  ShardStats(StreamInput in) throws IOException {
    this(in.readString(), in.readBoolean(), FieldStats.readFields(in));
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(index);
    out.writeBoolean(primary);
    FieldStats.writeFields(fields, out);
  }
}

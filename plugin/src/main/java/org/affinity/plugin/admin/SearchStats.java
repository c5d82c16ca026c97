/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * The work of searches on one shard.
 *
 * @param exact searches that compared with every eligible vector in all segments, radial ones among
 *     them
 * @param ann the others
 * @param listsProbed inverted lists scanned
 * @param candidates vectors or codes compared with the target
 * @param rescored candidates compared again by their raw vectors
 */
public record SearchStats(long exact, long ann, long listsProbed, long candidates, long rescored)
    implements Writeable, ToXContentFragment {

  static final SearchStats NONE = new SearchStats(0, 0, 0, 0, 0);

  SearchStats(StreamInput in) throws IOException {
    this(in.readVLong(), in.readVLong(), in.readVLong(), in.readVLong(), in.readVLong());
  }

  SearchStats plus(SearchStats other) {
    return new SearchStats(
        exact + other.exact,
        ann + other.ann,
        listsProbed + other.listsProbed,
        candidates + other.candidates,
        rescored + other.rescored);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeVLong(exact);
    out.writeVLong(ann);
    out.writeVLong(listsProbed);
    out.writeVLong(candidates);
    out.writeVLong(rescored);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return builder
        .startObject("searches")
        .field("exact", exact)
        .field("ann", ann)
        .field("lists_probed", listsProbed)
        .field("candidates", candidates)
        .field("rescored", rescored)
        .endObject();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.affinity.ann.search.VectorSpace;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * How far {@code nearest} reaches; exactly one is not null.
 *
 * @param k this many documents per shard
 * @param minScore all documents with at least this score
 * @param maxDistance all documents within this distance: squared under l2, 1 − cosine, −(inner
 *     product)
 */
record Extent(Integer k, Float minScore, Float maxDistance)
    implements Writeable, ToXContentFragment {

  Extent {
    if ((k == null ? 0 : 1) + (minScore == null ? 0 : 1) + (maxDistance == null ? 0 : 1) != 1) {
      throw new IllegalArgumentException(
          "[nearest] needs exactly one of [k], [min_score] and [max_distance]");
    }
    if (k != null) {
      NearestQueryBuilder.checkK(k);
    }
    if ((minScore != null && !Float.isFinite(minScore))
        || (maxDistance != null && !Float.isFinite(maxDistance))) {
      throw new IllegalArgumentException("[min_score] and [max_distance] must be finite numbers");
    }
  }

  Extent(StreamInput in) throws IOException {
    this(in.readOptionalVInt(), in.readOptionalFloat(), in.readOptionalFloat());
  }

  /** The least score that is near enough. */
  float minScore(VectorSpace space) {
    if (minScore != null) {
      return minScore;
    }
    return switch (space) {
      case L2 -> {
        if (maxDistance < 0) {
          throw new IllegalArgumentException(
              "[max_distance] must not be negative under [space_type: l2], got ["
                  + maxDistance
                  + "]");
        }
        yield space.score(maxDistance);
      }
      case COSINE -> space.score(1 - maxDistance);
      case INNER_PRODUCT -> space.score(-maxDistance);
    };
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeOptionalVInt(k);
    out.writeOptionalFloat(minScore);
    out.writeOptionalFloat(maxDistance);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    if (k != null) {
      return builder.field("k", k);
    }
    return minScore != null
        ? builder.field("min_score", minScore)
        : builder.field("max_distance", maxDistance);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.List;
import org.affinity.ann.search.Targets;
import org.affinity.ann.search.VectorSpace;
import org.affinity.plugin.vector.VectorContent;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.QueryRewriteContext;

/**
 * Where a query's vector comes from. Resolved once per request, while the coordinating node
 * rewrites the query: a {@link ReferenceForm} becomes {@link Pending} and then {@link Given} or
 * {@link Absent}; only those two reach a shard.
 */
public sealed interface VectorReference extends Writeable, ToXContentFragment
    permits VectorReference.Given, VectorReference.Absent, Pending, ReferenceForm {

  ParseField VECTOR = new ParseField("vector");
  ParseField FROM = new ParseField("from");

  /** Where the vector came from, for explanations. */
  String origin();

  /** Takes one step towards a vector, if one is left. */
  default VectorReference rewrite(QueryRewriteContext context) {
    return this;
  }

  /** Fills in what the user left out. */
  default VectorReference withDefaults(String field, Missing missing) {
    return this;
  }

  /**
   * A vector, or several.
   *
   * @param missing what to do where they have no direction and need one
   */
  record Given(Taste taste, String origin, Usage usage, Missing missing)
      implements VectorReference {

    public static final String BY_USER = "the given vector";

    /**
     * A vector as it is.
     *
     * @param values not copied; not to be changed
     */
    public Given(float[] values, String origin) {
      this(Taste.of(values), origin, Usage.ONE);
    }

    /** Where it does without a direction. */
    Given(Taste taste, String origin, Usage usage) {
      this(taste, origin, usage, Missing.NEUTRAL);
    }

    /**
     * Items that contributed: 1 for a document's own vector or a given one, for likes and history
     * the items with a vector, for a sum those of all its parts, for a chain those of the rung that
     * was used.
     */
    public int evidence() {
      return usage.items();
    }

    /**
     * The vectors to compare with in a field; null if under cosine none has a direction, because
     * what it is made of cancels out.
     *
     * @throws IllegalArgumentException if they do not fit the field, or have no direction and that
     *     is an error
     */
    public Targets targets(int dimension, VectorSpace space) {
      if (taste.repelled() && space == VectorSpace.L2) {
        throw new IllegalArgumentException(
            origin
                + ": dislikes and negative weights need a field of [space_type: cosinesimil] or"
                + " [innerproduct]; under [l2] a difference of places is no place near the liked"
                + " ones");
      }
      List<float[]> vectors = taste.in(space);
      if (vectors.isEmpty()) {
        if (missing == Missing.ERROR) {
          throw new IllegalArgumentException(
              "[from] "
                  + origin
                  + " has no direction, its parts cancel out; use [missing: neutral] to go on"
                  + " without it");
        }
        return null;
      }
      vectors.forEach(vector -> VectorContent.check(vector, dimension, space, origin));
      return Targets.of(vectors);
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeByte((byte) 0);
      taste.writeTo(out);
      out.writeString(origin);
      usage.writeTo(out);
      out.writeEnum(missing);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      return taste.values().size() == 1
          ? builder.array(VECTOR.getPreferredName(), taste.values().get(0))
          : builder.startObject(FROM.getPreferredName()).field("resolved", origin).endObject();
    }
  }

  /** Nothing: the document or its vector is not there, and that is no error. */
  record Absent(String origin, Usage usage) implements VectorReference {

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeByte((byte) 1);
      out.writeString(origin);
      usage.writeTo(out);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      return builder.startObject(FROM.getPreferredName()).field("absent", origin).endObject();
    }
  }

  /** Reads what {@link #writeTo} wrote. */
  static VectorReference readFrom(StreamInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case 0 ->
          new Given(new Taste(in), in.readString(), new Usage(in), in.readEnum(Missing.class));
      case 1 -> new Absent(in.readString(), new Usage(in));
      case 2 -> new DocumentReference(in);
      case 3 -> new LikesReference(in);
      case 4 -> new HistoryReference(in);
      case 5 -> new SumReference(in);
      case 6 -> new FirstOfReference(in);
      default -> throw new IOException("unknown kind of vector reference [" + kind + "]");
    };
  }

  /** Parses the value of {@code vector}. */
  static VectorReference parseVector(XContentParser parser) throws IOException {
    return new Given(VectorContent.parse(parser, "[vector]"), Given.BY_USER);
  }

  /** Parses the object behind {@code from}. */
  static VectorReference parseFrom(XContentParser parser) throws IOException {
    return FromContent.parse(parser, 1);
  }

  /** Exactly one of {@code vector} and {@code from} must be there. */
  static VectorReference oneOf(VectorReference vector, VectorReference from) {
    if ((vector == null) == (from == null)) {
      throw new IllegalArgumentException("exactly one of [vector] and [from] is needed");
    }
    return vector == null ? from : vector;
  }

  /** For a reference that reached a shard as it was written. */
  default IllegalArgumentException unresolved() {
    return new IllegalArgumentException(
        origin()
            + " was not fetched before the search: [from] works in search requests, not in alias"
            + " filters and other stored queries; use [vector] there");
  }
}

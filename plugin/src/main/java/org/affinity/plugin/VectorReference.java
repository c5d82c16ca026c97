/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.affinity.plugin.vector.StoredVector;
import org.affinity.plugin.vector.VectorContent;
import org.apache.lucene.util.SetOnce;
import org.opensearch.OpenSearchStatusException;
import org.opensearch.action.get.GetResponse;
import org.opensearch.core.ParseField;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.QueryRewriteContext;

/**
 * Where a query's vector comes from. Resolved once per request, while the coordinating node
 * rewrites the query: {@link Document} becomes {@link Pending} and then {@link Given} or {@link
 * Absent}; only those two reach a shard.
 */
sealed interface VectorReference extends Writeable, ToXContentFragment {

  ParseField VECTOR = new ParseField("vector");
  ParseField FROM = new ParseField("from");

  /** What to do when there is no vector where the reference points. */
  enum Missing {
    /** The part adds nothing; a query that is nothing else matches nothing. */
    NEUTRAL,
    /** The request fails with a 400. */
    ERROR;

    static Missing parse(String value) {
      return switch (value) {
        case "neutral" -> NEUTRAL;
        case "error" -> ERROR;
        default ->
            throw new IllegalArgumentException(
                "[missing] must be one of [neutral, error], got [" + value + "]");
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
   * A vector.
   *
   * @param values not copied; not to be changed
   * @param evidence how many items it is made of
   */
  record Given(float[] values, String origin, double evidence) implements VectorReference {

    static final String BY_USER = "the given vector";

    /** One vector, as it stands. */
    Given(float[] values, String origin) {
      this(values, origin, 1);
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeByte((byte) 0);
      out.writeFloatArray(values);
      out.writeString(origin);
      out.writeDouble(evidence);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      return builder.array(VECTOR.getPreferredName(), values);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Given that
          && Arrays.equals(values, that.values)
          && origin.equals(that.origin)
          && evidence == that.evidence;
    }

    @Override
    public int hashCode() {
      return Objects.hash(Arrays.hashCode(values), origin, evidence);
    }
  }

  /** Nothing: the document or its vector is not there, and that is no error. */
  record Absent(String origin) implements VectorReference {
    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeByte((byte) 1);
      out.writeString(origin);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      return builder.startObject(FROM.getPreferredName()).field("absent", origin).endObject();
    }
  }

  /**
   * The vector in a field of a stored document; a real-time get, so one indexed a moment ago
   * counts.
   *
   * @param routing may be null
   * @param field null until the defaults are filled in, as {@code missing}
   */
  record Document(String index, String id, String routing, String field, Missing missing)
      implements VectorReference {

    @Override
    public String origin() {
      return stored().document();
    }

    @Override
    public VectorReference withDefaults(String defaultField, Missing defaultMissing) {
      return new Document(
          index,
          id,
          routing,
          Objects.requireNonNullElse(field, defaultField),
          Objects.requireNonNullElse(missing, defaultMissing));
    }

    @Override
    public VectorReference rewrite(QueryRewriteContext context) {
      SetOnce<VectorReference> resolved = new SetOnce<>();
      context.registerAsyncAction(
          (client, listener) ->
              client.get(
                  stored().getRequest(),
                  ActionListener.map(
                      listener,
                      response -> {
                        resolved.set(read(response));
                        return null;
                      })));
      return new Pending(resolved, this);
    }

    private StoredVector stored() {
      return new StoredVector(index, id, routing, field);
    }

    private VectorReference read(GetResponse response) {
      StoredVector.Reading reading = stored().read(response);
      return reading.values() == null
          ? absent(reading.what())
          : new Given(reading.values(), reading.what());
    }

    private VectorReference absent(String reason) {
      if (missing == Missing.ERROR) {
        throw new OpenSearchStatusException(
            "[from] " + reason + "; use [missing: neutral] to go on without it",
            RestStatus.BAD_REQUEST);
      }
      return new Absent(reason);
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeByte((byte) 2);
      out.writeString(index);
      out.writeString(id);
      out.writeOptionalString(routing);
      out.writeString(field);
      out.writeEnum(missing);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      builder.startObject(FROM.getPreferredName());
      builder.startObject("document").field("index", index).field("id", id).field("field", field);
      if (routing != null) {
        builder.field("routing", routing);
      }
      return builder.endObject().field("missing", missing.toString()).endObject();
    }
  }

  /** A {@link Document} whose get is on its way. Stays on its node. */
  record Pending(SetOnce<VectorReference> resolved, Document document) implements VectorReference {
    @Override
    public String origin() {
      return document.origin();
    }

    @Override
    public VectorReference rewrite(QueryRewriteContext context) {
      return resolved.get() == null ? this : resolved.get();
    }

    @Override
    public void writeTo(StreamOutput out) {
      throw new IllegalStateException(origin() + " must be fetched before a shard is asked");
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      return document.toXContent(builder, params);
    }
  }

  /** Reads what {@link #writeTo} wrote. */
  static VectorReference readFrom(StreamInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case 0 -> new Given(in.readFloatArray(), in.readString(), in.readDouble());
      case 1 -> new Absent(in.readString());
      case 2 ->
          new Document(
              in.readString(),
              in.readString(),
              in.readOptionalString(),
              in.readString(),
              in.readEnum(Missing.class));
      default -> throw new IOException("unknown kind of vector reference [" + kind + "]");
    };
  }

  /** Parses the value of {@code vector}. */
  static VectorReference parseVector(XContentParser parser) throws IOException {
    return new Given(VectorContent.parse(parser, "[vector]"), Given.BY_USER);
  }

  /** Parses the object behind {@code from}. */
  static VectorReference parseFrom(XContentParser parser) throws IOException {
    return Parsers.FROM_OBJECT.apply(parser, null);
  }

  /** Exactly one of {@code vector} and {@code from} must be there. */
  static VectorReference oneOf(VectorReference vector, VectorReference from) {
    if ((vector == null) == (from == null)) {
      throw new IllegalArgumentException("exactly one of [vector] and [from] is needed");
    }
    return vector == null ? from : vector;
  }

  /** The parsers, apart so that the interface initializes without them. */
  final class Parsers {

    private record Location(String index, String id, String field, String routing) {}

    private static final ConstructingObjectParser<Location, Void> DOCUMENT =
        new ConstructingObjectParser<>(
            "document",
            args ->
                new Location(
                    (String) args[0], (String) args[1], (String) args[2], (String) args[3]));

    private static final ConstructingObjectParser<VectorReference, Void> FROM_OBJECT =
        new ConstructingObjectParser<>(
            "from",
            args -> {
              Location location = (Location) args[0];
              return new Document(
                  location.index(),
                  location.id(),
                  location.routing(),
                  location.field(),
                  (Missing) args[1]);
            });

    static {
      DOCUMENT.declareString(ConstructingObjectParser.constructorArg(), new ParseField("index"));
      DOCUMENT.declareField(
          ConstructingObjectParser.constructorArg(),
          XContentParser::text,
          new ParseField("id"),
          ObjectParser.ValueType.VALUE);
      DOCUMENT.declareString(
          ConstructingObjectParser.optionalConstructorArg(), new ParseField("field"));
      DOCUMENT.declareField(
          ConstructingObjectParser.optionalConstructorArg(),
          XContentParser::text,
          new ParseField("routing"),
          ObjectParser.ValueType.VALUE);
      FROM_OBJECT.declareObject(
          ConstructingObjectParser.constructorArg(), DOCUMENT, new ParseField("document"));
      FROM_OBJECT.declareString(
          ConstructingObjectParser.optionalConstructorArg(),
          Missing::parse,
          new ParseField("missing"));
    }

    private Parsers() {}
  }
}

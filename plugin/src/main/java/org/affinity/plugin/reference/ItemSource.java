/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.Objects;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/**
 * Where the items of a history are.
 *
 * @param field null until the defaults are filled in
 * @param routing of all items; may be null
 */
public record ItemSource(String index, String field, String routing)
    implements Writeable, ToXContentObject {

  private static final ConstructingObjectParser<ItemSource, Void> PARSER =
      new ConstructingObjectParser<>(
          "items", args -> new ItemSource((String) args[0], (String) args[1], (String) args[2]));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("index"));
    PARSER.declareString(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("field"));
    DocumentKeys.declareRouting(PARSER);
  }

  ItemSource(StreamInput in) throws IOException {
    this(in.readString(), in.readString(), in.readOptionalString());
  }

  static ItemSource parse(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  ItemSource withDefault(String defaultField) {
    return new ItemSource(index, Objects.requireNonNullElse(field, defaultField), routing);
  }

  StoredVector stored(String id) {
    return new StoredVector(index, id, routing, field);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(index);
    out.writeString(field);
    out.writeOptionalString(routing);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("index", index).field("field", field);
    if (routing != null) {
      builder.field("routing", routing);
    }
    return builder.endObject();
  }
}

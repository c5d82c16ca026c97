/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/** {@code recall} of a blend: the k nearest by one of its affinities join the matches. */
record RecallClause(String field, int k) implements Writeable, ToXContentObject {

  private static final ConstructingObjectParser<RecallClause, Void> PARSER =
      new ConstructingObjectParser<>(
          "recall", args -> new RecallClause((String) args[0], (int) args[1]));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("field"));
    PARSER.declareInt(ConstructingObjectParser.constructorArg(), new ParseField("k"));
  }

  RecallClause {
    NearestQueryBuilder.checkK(k);
  }

  RecallClause(StreamInput in) throws IOException {
    this(in.readString(), in.readVInt());
  }

  static RecallClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeVInt(k);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return builder.startObject().field("field", field).field("k", k).endObject();
  }
}

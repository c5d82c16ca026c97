/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.affinity.ann.search.ScoreFunction;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/** {@code relevance} of a blend: how the keyword score counts. */
record RelevanceClause(double weight, ScoreFunction function)
    implements Writeable, ToXContentObject {

  static final RelevanceClause DEFAULT =
      new RelevanceClause(Weights.DEFAULT, new ScoreFunction.AutoSaturation());

  private static final Set<String> FUNCTIONS =
      Set.of(
          FunctionContent.SATURATION,
          FunctionContent.LINEAR,
          FunctionContent.LOG,
          FunctionContent.NONE);

  private static final ConstructingObjectParser<RelevanceClause, Void> PARSER =
      new ConstructingObjectParser<>(
          "relevance",
          args ->
              new RelevanceClause(
                  (double) Objects.requireNonNullElse(args[0], DEFAULT.weight()),
                  (ScoreFunction) Objects.requireNonNullElse(args[1], DEFAULT.function())));

  static {
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("weight"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> FunctionContent.parse(parser, FUNCTIONS, true),
        new ParseField("function"));
  }

  RelevanceClause {
    Weights.check("relevance.weight", weight);
  }

  RelevanceClause(StreamInput in) throws IOException {
    this(in.readDouble(), FunctionContent.read(in));
  }

  static RelevanceClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeDouble(weight);
    FunctionContent.write(function, out);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("weight", weight);
    FunctionContent.toXContent(function, builder);
    return builder.endObject();
  }
}

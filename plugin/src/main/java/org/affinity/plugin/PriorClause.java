/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.affinity.ann.search.Prior;
import org.affinity.ann.search.ScoreFunction;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.fielddata.IndexNumericFieldData;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;

/**
 * One of the {@code priors} of a blend.
 *
 * @param missing what a document without the number gets instead of the function's value
 */
record PriorClause(String field, double weight, ScoreFunction function, double missing)
    implements Writeable, ToXContentObject {

  private static final Set<String> FUNCTIONS =
      Set.of(FunctionContent.SATURATION, FunctionContent.LINEAR, FunctionContent.LOG);

  private static final ConstructingObjectParser<PriorClause, Void> PARSER =
      new ConstructingObjectParser<>(
          "priors",
          args ->
              new PriorClause(
                  (String) args[0],
                  (double) Objects.requireNonNullElse(args[2], Weights.DEFAULT),
                  (ScoreFunction) args[1],
                  (double) Objects.requireNonNullElse(args[3], 0.0)));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("field"));
    PARSER.declareObject(
        ConstructingObjectParser.constructorArg(),
        (parser, context) -> FunctionContent.parse(parser, FUNCTIONS, false),
        new ParseField("function"));
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("weight"));
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("missing"));
  }

  PriorClause {
    Weights.check("priors.weight", weight);
    Weights.check("priors.missing", missing);
  }

  PriorClause(StreamInput in) throws IOException {
    this(in.readString(), in.readDouble(), FunctionContent.read(in), in.readDouble());
  }

  static PriorClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  /** Binds the clause to the mapping of a shard. */
  Prior toPrior(QueryShardContext context) {
    MappedFieldType type = context.fieldMapper(field);
    if (type == null) {
      throw new QueryShardException(context, "[blend] failed to find field [" + field + "]");
    }
    if (type.hasDocValues() && context.getForField(type) instanceof IndexNumericFieldData numbers) {
      return new Prior(field, new NumericFieldSource(field, numbers), weight, function, missing);
    }
    throw new QueryShardException(
        context,
        "[priors] needs a numeric field with doc values; ["
            + field
            + "] is of type ["
            + type.typeName()
            + "]");
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeDouble(weight);
    FunctionContent.write(function, out);
    out.writeDouble(missing);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("field", field).field("weight", weight);
    FunctionContent.toXContent(function, builder);
    return builder.field("missing", missing).endObject();
  }
}

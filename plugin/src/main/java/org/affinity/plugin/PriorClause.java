/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import org.affinity.ann.search.Prior;
import org.affinity.ann.search.ScoreFunction;
import org.apache.lucene.search.DoubleValuesSource;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.QueryShardContext;

/**
 * One of the {@code priors} of a blend.
 *
 * @param missing what a document without the number gets instead of the function's value
 * @param confidence null for the whole weight to count
 */
record PriorClause(
    String field,
    double weight,
    PriorFunction function,
    double missing,
    ConfidenceClause confidence)
    implements Writeable, ToXContentObject {

  private static final ConstructingObjectParser<PriorClause, Void> PARSER =
      new ConstructingObjectParser<>(
          "priors",
          args ->
              new PriorClause(
                  (String) args[0],
                  (double) Objects.requireNonNullElse(args[2], Weights.DEFAULT),
                  (PriorFunction) args[1],
                  (double) Objects.requireNonNullElse(args[3], 0.0),
                  (ConfidenceClause) args[4]));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("field"));
    PARSER.declareObject(
        ConstructingObjectParser.constructorArg(),
        (parser, context) -> PriorFunction.parse(parser),
        new ParseField("function"));
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("weight"));
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("missing"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> ConfidenceClause.parse(parser),
        ConfidenceClause.NAME);
  }

  PriorClause {
    Weights.check("priors.weight", weight);
    Weights.check("priors.missing", missing);
    if (confidence != null && confidence.evidenceField() == null) {
      throw new IllegalArgumentException(
          "[priors.confidence] needs an [evidence_field]: a prior has no reference to count");
    }
  }

  /** A prior whose whole weight counts, by a function that means the same for every field. */
  PriorClause(String field, double weight, ScoreFunction function, double missing) {
    this(field, weight, new PriorFunction.Fixed(function), missing, null);
  }

  PriorClause(StreamInput in) throws IOException {
    this(
        in.readString(),
        in.readDouble(),
        PriorFunction.readFrom(in),
        in.readDouble(),
        in.readOptionalWriteable(ConfidenceClause::new));
  }

  static PriorClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  /** Binds the clause to the mapping of a shard. */
  Prior toPrior(QueryShardContext context, boolean ignoreUnmapped) {
    if (ignoreUnmapped && context.fieldMapper(field) == null) {
      // Still a part: scores stay of one kind with those of the indices that have the field.
      DoubleValuesSource none = DoubleValuesSource.constant(Double.NaN);
      return new Prior(field, none, weight, new ScoreFunction.Saturation(1), 0);
    }
    NumericFieldSource numbers = NumericFieldSource.largest(context, "priors.field", field);
    ScoreFunction bound = function.bind(context.fieldMapper(field), context);
    return new Prior(
        field,
        bound instanceof ScoreFunction.Decay decay ? numbers.nearestTo(decay.origin()) : numbers,
        weight,
        bound,
        missing,
        ConfidenceClause.bind(confidence, context, 0, ignoreUnmapped));
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeDouble(weight);
    function.writeTo(out);
    out.writeDouble(missing);
    out.writeOptionalWriteable(confidence);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("field", field).field("weight", weight);
    function.toXContent(builder, params);
    builder.field("missing", missing);
    if (confidence != null) {
      builder.field(ConfidenceClause.NAME.getPreferredName(), confidence);
    }
    return builder.endObject();
  }
}

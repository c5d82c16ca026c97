/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.affinity.ann.search.Affinity;
import org.affinity.ann.search.Confidence;
import org.affinity.ann.search.ScoreFunction;
import org.affinity.ann.search.Targets;
import org.affinity.ann.search.VectorSpace;
import org.affinity.plugin.reference.Missing;
import org.affinity.plugin.reference.VectorReference;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * One of the {@code affinities} of a blend.
 *
 * @param function null for the space's own
 * @param missing what a document without a vector gets instead of the function's value
 * @param confidence null for the whole weight to count
 * @param recall null to find nothing more; it has the field of the affinity
 */
record AffinityClause(
    String field,
    VectorReference target,
    double weight,
    ScoreFunction function,
    double missing,
    ConfidenceClause confidence,
    RecallClause recall)
    implements Writeable, ToXContentObject {

  private static final Set<String> FUNCTIONS =
      Set.of(
          FunctionContent.SIGMOID,
          FunctionContent.SATURATION,
          FunctionContent.LINEAR,
          FunctionContent.LOG,
          FunctionContent.NONE);

  private static final ConstructingObjectParser<AffinityClause, Void> PARSER =
      new ConstructingObjectParser<>(
          "affinities",
          args ->
              new AffinityClause(
                  (String) args[0],
                  VectorReference.oneOf((VectorReference) args[1], (VectorReference) args[2]),
                  (double) Objects.requireNonNullElse(args[3], Weights.DEFAULT),
                  (ScoreFunction) args[4],
                  (double) Objects.requireNonNullElse(args[5], 0.0),
                  (ConfidenceClause) args[6],
                  args[7] == null ? null : ((RecallClause) args[7]).of((String) args[0])));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("field"));
    PARSER.declareField(
        ConstructingObjectParser.optionalConstructorArg(),
        VectorReference::parseVector,
        VectorReference.VECTOR,
        ObjectParser.ValueType.VALUE_OBJECT_ARRAY);
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> VectorReference.parseFrom(parser),
        VectorReference.FROM);
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("weight"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> FunctionContent.parse(parser, FUNCTIONS, false),
        new ParseField("function"));
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("missing"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> ConfidenceClause.parse(parser),
        ConfidenceClause.NAME);
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> RecallClause.parseInside(parser),
        RecallClause.NAME);
  }

  AffinityClause {
    Weights.check("affinities.weight", weight);
    Weights.check("affinities.missing", missing);
    target = target.withDefaults(field, Missing.NEUTRAL);
  }

  /** An affinity whose whole weight counts and that finds nothing more. */
  AffinityClause(
      String field, VectorReference target, double weight, ScoreFunction function, double missing) {
    this(field, target, weight, function, missing, null, null);
  }

  AffinityClause(StreamInput in) throws IOException {
    this(
        in.readString(),
        VectorReference.readFrom(in),
        in.readDouble(),
        in.readBoolean() ? FunctionContent.read(in) : null,
        in.readDouble(),
        in.readOptionalWriteable(ConfidenceClause::new),
        in.readOptionalWriteable(RecallClause::new));
  }

  static AffinityClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  @SuppressWarnings("ReferenceEquality") // the sign for "nothing left to rewrite"
  AffinityClause rewrite(QueryRewriteContext context) throws IOException {
    VectorReference newTarget = target.rewrite(context);
    RecallClause newRecall = recall == null ? null : recall.rewrite(context);
    return newTarget == target && newRecall == recall
        ? this
        : new AffinityClause(field, newTarget, weight, function, missing, confidence, newRecall);
  }

  /** Binds the clause to the mapping of a shard. */
  Affinity toAffinity(QueryShardContext context, boolean ignoreUnmapped) {
    EmbeddingFieldType type =
        ignoreUnmapped
            ? EmbeddingFieldType.of(context, BlendQueryBuilder.NAME, field)
            : EmbeddingFieldType.require(context, BlendQueryBuilder.NAME, field);
    if (type == null) {
      return target instanceof VectorReference.Given given
          ? Affinity.unmapped(field, weight * bindConfidence(given, context, true).upperBound())
          : Affinity.neutral(field, VectorSpace.L2, target.origin());
    }
    VectorSpace space = type.space();
    if (space == VectorSpace.L2
        && function != null
        && !(function instanceof ScoreFunction.Identity)) {
      throw new IllegalArgumentException(
          "[affinities.function] of field ["
              + field
              + "] with [space_type: l2] must be [none] or left out: a distance falls as likeness"
              + " grows");
    }
    ScoreFunction bound = function == null ? space.defaultFunction() : function;
    return switch (target) {
      case VectorReference.Absent absent -> Affinity.neutral(type.name(), space, absent.origin());
      case VectorReference.Given given -> {
        Targets targets = given.targets(type.dimension(), space);
        yield targets == null
            ? Affinity.neutral(type.name(), space, given.origin() + " has no direction")
            : new Affinity(
                type.name(),
                space,
                targets,
                weight,
                bound,
                missing,
                given.origin(),
                bindConfidence(given, context, ignoreUnmapped));
      }
      default -> throw target.unresolved();
    };
  }

  private Confidence bindConfidence(
      VectorReference.Given given, QueryShardContext context, boolean ignoreUnmapped) {
    return ConfidenceClause.bind(confidence, context, given.evidence(), ignoreUnmapped);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(field);
    target.writeTo(out);
    out.writeDouble(weight);
    out.writeBoolean(function != null);
    if (function != null) {
      FunctionContent.write(function, out);
    }
    out.writeDouble(missing);
    out.writeOptionalWriteable(confidence);
    out.writeOptionalWriteable(recall);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("field", field);
    target.toXContent(builder, params);
    builder.field("weight", weight);
    if (function != null) {
      FunctionContent.toXContent(function, builder);
    }
    builder.field("missing", missing);
    if (confidence != null) {
      builder.field(ConfidenceClause.NAME.getPreferredName(), confidence);
    }
    if (recall != null) {
      builder.startObject(RecallClause.NAME.getPreferredName());
      recall.innerToXContent(builder, params);
      builder.endObject();
    }
    return builder.endObject();
  }
}

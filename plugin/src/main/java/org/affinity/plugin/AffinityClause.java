/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.affinity.ann.search.Affinity;
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
import org.opensearch.index.query.QueryShardContext;

/**
 * One of the {@code affinities} of a blend.
 *
 * @param function null for the space's own
 * @param missing what a document without a vector gets instead of the function's value
 */
record AffinityClause(
    String field, VectorReference target, double weight, ScoreFunction function, double missing)
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
                  (double) Objects.requireNonNullElse(args[5], 0.0)));

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
  }

  AffinityClause {
    Weights.check("affinities.weight", weight);
    Weights.check("affinities.missing", missing);
    target = target.withDefaults(field, Missing.NEUTRAL);
  }

  AffinityClause(StreamInput in) throws IOException {
    this(
        in.readString(),
        VectorReference.readFrom(in),
        in.readDouble(),
        in.readBoolean() ? FunctionContent.read(in) : null,
        in.readDouble());
  }

  static AffinityClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  AffinityClause withTarget(VectorReference newTarget) {
    return new AffinityClause(field, newTarget, weight, function, missing);
  }

  /** Binds the clause to the mapping of a shard. */
  Affinity toAffinity(QueryShardContext context, boolean ignoreUnmapped) {
    EmbeddingFieldType type =
        ignoreUnmapped
            ? EmbeddingFieldType.of(context, BlendQueryBuilder.NAME, field)
            : EmbeddingFieldType.require(context, BlendQueryBuilder.NAME, field);
    if (type == null) {
      return Affinity.neutral(field, VectorSpace.L2, "the field is not mapped");
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
            : new Affinity(type.name(), space, targets, weight, bound, missing, given.origin());
      }
      default -> throw target.unresolved();
    };
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
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("field", field);
    target.toXContent(builder, params);
    builder.field("weight", weight);
    if (function != null) {
      FunctionContent.toXContent(function, builder);
    }
    return builder.field("missing", missing).endObject();
  }
}

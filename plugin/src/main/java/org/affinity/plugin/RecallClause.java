/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import org.affinity.ann.search.Affinity;
import org.apache.lucene.search.Query;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * {@code recall} of a blend, or of one of its affinities: the k nearest by the affinity join the
 * matches.
 *
 * @param field of the affinity
 * @param filter documents that may join, or null for all
 */
record RecallClause(String field, int k, QueryBuilder filter, MethodParameters parameters)
    implements Writeable, ToXContentObject {

  static final ParseField NAME = new ParseField("recall");

  private static final ConstructingObjectParser<RecallClause, Void> PARSER = parser(true);

  private static final ConstructingObjectParser<RecallClause, Void> PARSER_INSIDE = parser(false);

  private static ConstructingObjectParser<RecallClause, Void> parser(boolean named) {
    ConstructingObjectParser<RecallClause, Void> parser =
        new ConstructingObjectParser<>(
            "recall",
            args ->
                new RecallClause(
                    named ? (String) args[3] : "",
                    (int) args[0],
                    (QueryBuilder) args[1],
                    (MethodParameters)
                        Objects.requireNonNullElse(args[2], MethodParameters.DEFAULT)));
    parser.declareInt(ConstructingObjectParser.constructorArg(), new ParseField("k"));
    parser.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (content, context) -> AbstractQueryBuilder.parseInnerQueryBuilder(content),
        new ParseField("filter"));
    parser.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (content, context) -> MethodParameters.parse(content),
        MethodParameters.NAME);
    if (named) {
      parser.declareString(ConstructingObjectParser.constructorArg(), new ParseField("field"));
    }
    return parser;
  }

  RecallClause {
    NearestQueryBuilder.checkK(k);
  }

  RecallClause(StreamInput in) throws IOException {
    this(
        in.readString(),
        in.readVInt(),
        in.readOptionalNamedWriteable(QueryBuilder.class),
        new MethodParameters(in));
  }

  static RecallClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  /** Parses one that stands in an affinity, and has its field. */
  static RecallClause parseInside(XContentParser parser) throws IOException {
    return PARSER_INSIDE.apply(parser, null);
  }

  RecallClause of(String affinityField) {
    return new RecallClause(affinityField, k, filter, parameters);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeVInt(k);
    out.writeOptionalNamedWriteable(filter);
    parameters.writeTo(out);
  }

  @SuppressWarnings("ReferenceEquality") // the sign for "nothing left to rewrite"
  RecallClause rewrite(QueryRewriteContext context) throws IOException {
    QueryBuilder newFilter = filter == null ? null : filter.rewrite(context);
    return newFilter == filter ? this : new RecallClause(field, k, newFilter, parameters);
  }

  /** Null where the affinity has no vector to search with. */
  Query toQuery(Affinity affinity, QueryShardContext context) throws IOException {
    return affinity.isNeutral()
        ? null
        : EmbeddingFieldType.require(context, BlendQueryBuilder.NAME, affinity.field())
            .nearest(context, affinity.targets(), k, SearchParameters.of(parameters), filter);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return innerToXContent(builder.startObject().field("field", field), params).endObject();
  }

  /** Without the object's braces and the field. */
  XContentBuilder innerToXContent(XContentBuilder builder, Params params) throws IOException {
    builder.field("k", k);
    if (filter != null) {
      builder.field("filter", filter);
    }
    parameters.writeNamed(builder, params);
    return builder;
  }
}

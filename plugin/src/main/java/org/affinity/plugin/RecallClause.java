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
 * {@code recall} of a blend: the k nearest by one of its affinities join the matches.
 *
 * @param filter documents that may join, or null for all
 */
record RecallClause(String field, int k, QueryBuilder filter, MethodParameters parameters)
    implements Writeable, ToXContentObject {

  private static final ConstructingObjectParser<RecallClause, Void> PARSER =
      new ConstructingObjectParser<>(
          "recall",
          args ->
              new RecallClause(
                  (String) args[0],
                  (int) args[1],
                  (QueryBuilder) args[2],
                  (MethodParameters)
                      Objects.requireNonNullElse(args[3], MethodParameters.DEFAULT)));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("field"));
    PARSER.declareInt(ConstructingObjectParser.constructorArg(), new ParseField("k"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> AbstractQueryBuilder.parseInnerQueryBuilder(parser),
        new ParseField("filter"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> MethodParameters.parse(parser),
        MethodParameters.NAME);
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
    builder.startObject().field("field", field).field("k", k);
    if (filter != null) {
      builder.field("filter", filter);
    }
    parameters.writeNamed(builder, params);
    return builder.endObject();
  }
}

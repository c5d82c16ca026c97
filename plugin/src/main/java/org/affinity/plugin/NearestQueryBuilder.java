/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.affinity.ann.search.Targets;
import org.affinity.plugin.reference.Missing;
import org.affinity.plugin.reference.VectorReference;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.opensearch.core.common.ParsingException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.InnerHitContextBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * The query {@code nearest}: the documents whose vectors are nearest to a given or referenced one,
 * scored exactly.
 *
 * <pre>{@code
 * {"nearest": {"taste": {"from": {"document": {"index": "readers", "id": "314"}}, "k": 50}}}
 * }</pre>
 */
final class NearestQueryBuilder extends AbstractQueryBuilder<NearestQueryBuilder> {

  static final String NAME = "nearest";
  static final int MAX_K = 10_000;

  private final String field;
  private final VectorReference target;
  private final Extent extent;
  private final SearchParameters parameters;
  private final QueryBuilder filter;
  private final boolean ignoreUnmapped;

  /**
   * @param filter may be null
   */
  NearestQueryBuilder(
      String field,
      VectorReference target,
      Extent extent,
      SearchParameters parameters,
      QueryBuilder filter,
      boolean ignoreUnmapped) {
    this.field = Objects.requireNonNull(field);
    this.target = target.withDefaults(field, Missing.ERROR);
    this.extent = extent;
    this.parameters = parameters;
    this.filter = filter;
    this.ignoreUnmapped = ignoreUnmapped;
  }

  NearestQueryBuilder(StreamInput in) throws IOException {
    super(in);
    field = in.readString();
    target = VectorReference.readFrom(in);
    extent = new Extent(in);
    parameters = new SearchParameters(in);
    filter = in.readOptionalNamedWriteable(QueryBuilder.class);
    ignoreUnmapped = in.readBoolean();
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeString(field);
    target.writeTo(out);
    extent.writeTo(out);
    parameters.writeTo(out);
    out.writeOptionalNamedWriteable(filter);
    out.writeBoolean(ignoreUnmapped);
  }

  static int checkK(int k) {
    if (k < 1 || k > MAX_K) {
      throw new IllegalArgumentException(
          "[k] must be between 1 and " + MAX_K + ", got [" + k + "]");
    }
    return k;
  }

  static NearestQueryBuilder fromXContent(XContentParser parser) throws IOException {
    if (parser.nextToken() != XContentParser.Token.FIELD_NAME) {
      throw new ParsingException(parser.getTokenLocation(), "[nearest] needs a field name");
    }
    String field = parser.currentName();
    if (parser.nextToken() != XContentParser.Token.START_OBJECT) {
      throw new ParsingException(
          parser.getTokenLocation(), "[nearest] needs an object behind field [" + field + "]");
    }
    NearestQueryBuilder query = NearestContent.parse(parser).build(field);
    if (parser.nextToken() != XContentParser.Token.END_OBJECT) {
      throw new ParsingException(
          parser.getTokenLocation(),
          "[nearest] takes one field, got [" + field + "] and [" + parser.currentName() + "]");
    }
    return query;
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME).startObject(field);
    target.toXContent(builder, params);
    extent.toXContent(builder, params);
    parameters.toXContent(builder, params);
    if (filter != null) {
      builder.field("filter", filter);
    }
    builder.field("ignore_unmapped", ignoreUnmapped);
    printBoostAndQueryName(builder);
    builder.endObject().endObject();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the sign for "nothing left to rewrite"
  protected QueryBuilder doRewrite(QueryRewriteContext context) throws IOException {
    VectorReference newTarget = target.rewrite(context);
    QueryBuilder newFilter = filter == null ? null : filter.rewrite(context);
    if (newTarget == target && newFilter == filter) {
      return this;
    }
    return new NearestQueryBuilder(field, newTarget, extent, parameters, newFilter, ignoreUnmapped);
  }

  @Override
  protected Query doToQuery(QueryShardContext context) throws IOException {
    EmbeddingFieldType type =
        ignoreUnmapped
            ? EmbeddingFieldType.of(context, NAME, field)
            : EmbeddingFieldType.require(context, NAME, field);
    if (type == null) {
      return new MatchNoDocsQuery("field [" + field + "] is not mapped");
    }
    if (target instanceof VectorReference.Absent absent) {
      return new MatchNoDocsQuery(absent.origin());
    }
    if (!(target instanceof VectorReference.Given given)) {
      throw target.unresolved();
    }
    Targets targets = given.targets(type.dimension(), type.space());
    if (targets == null) {
      return new MatchNoDocsQuery(given.origin() + " has no direction");
    }
    return extent.k() != null
        ? type.nearest(context, targets, extent.k(), parameters, filter)
        : type.within(context, targets, extent.minScore(type.space()), filter);
  }

  @Override
  protected void extractInnerHitBuilders(Map<String, InnerHitContextBuilder> innerHits) {
    if (filter != null) {
      InnerHitContextBuilder.extractInnerHits(filter, innerHits);
    }
  }

  @Override
  public void visit(QueryBuilderVisitor visitor) {
    visitor.accept(this);
    if (filter != null) {
      filter.visit(visitor.getChildVisitor(BooleanClause.Occur.FILTER));
    }
  }

  @Override
  protected boolean doEquals(NearestQueryBuilder other) {
    return field.equals(other.field)
        && target.equals(other.target)
        && extent.equals(other.extent)
        && parameters.equals(other.parameters)
        && Objects.equals(filter, other.filter)
        && ignoreUnmapped == other.ignoreUnmapped;
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(field, target, extent, parameters, filter, ignoreUnmapped);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }
}

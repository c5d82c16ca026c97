/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.affinity.ann.search.Affinity;
import org.affinity.ann.search.BlendQuery;
import org.affinity.plugin.reference.VectorReference;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.InnerHitContextBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;

/**
 * The query {@code blend}: keyword relevance, affinities and priors in one score; see {@link
 * BlendQuery}.
 *
 * <pre>{@code
 * {"blend": {
 *   "query": {"match": {"title": "dragon"}},
 *   "affinities": [{"field": "taste", "from": {"document": {"index": "readers", "id": "314"}}}],
 *   "priors": [{"field": "popularity", "weight": 0.2, "function": {"saturation": {"pivot": 50}}}]}}
 * }</pre>
 */
final class BlendQueryBuilder extends AbstractQueryBuilder<BlendQueryBuilder> {

  static final String NAME = "blend";

  private static final ConstructingObjectParser<BlendQueryBuilder, Void> PARSER =
      new ConstructingObjectParser<>(NAME, BlendQueryBuilder::of);

  static {
    PARSER.declareObject(
        ConstructingObjectParser.constructorArg(),
        (parser, context) -> parseInnerQueryBuilder(parser),
        new ParseField("query"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> RelevanceClause.parse(parser),
        new ParseField("relevance"));
    PARSER.declareObjectArray(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> AffinityClause.parse(parser),
        new ParseField("affinities"));
    PARSER.declareObjectArray(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> PriorClause.parse(parser),
        new ParseField("priors"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> RecallClause.parse(parser),
        new ParseField("recall"));
    PARSER.declareBoolean(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("ignore_unmapped"));
    PARSER.declareFloat(BlendQueryBuilder::boost, BOOST_FIELD);
    PARSER.declareString(BlendQueryBuilder::queryName, NAME_FIELD);
  }

  private final QueryBuilder query;
  private final RelevanceClause relevance;
  private final List<AffinityClause> affinities;
  private final List<PriorClause> priors;
  private final RecallClause recall;
  private final boolean ignoreUnmapped;

  /**
   * @param recall may be null
   */
  BlendQueryBuilder(
      QueryBuilder query,
      RelevanceClause relevance,
      List<AffinityClause> affinities,
      List<PriorClause> priors,
      RecallClause recall,
      boolean ignoreUnmapped) {
    this.query = Objects.requireNonNull(query);
    this.relevance = relevance;
    this.affinities = List.copyOf(affinities);
    this.priors = List.copyOf(priors);
    this.recall = recall;
    this.ignoreUnmapped = ignoreUnmapped;
    if (recall != null && affinityOf(recall) < 0) {
      throw new IllegalArgumentException(
          "[recall.field: " + recall.field() + "] must be the field of one of the [affinities]");
    }
  }

  BlendQueryBuilder(StreamInput in) throws IOException {
    super(in);
    query = in.readNamedWriteable(QueryBuilder.class);
    relevance = new RelevanceClause(in);
    affinities = in.readList(AffinityClause::new);
    priors = in.readList(PriorClause::new);
    recall = in.readOptionalWriteable(RecallClause::new);
    ignoreUnmapped = in.readBoolean();
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeNamedWriteable(query);
    relevance.writeTo(out);
    out.writeList(affinities);
    out.writeList(priors);
    out.writeOptionalWriteable(recall);
    out.writeBoolean(ignoreUnmapped);
  }

  @SuppressWarnings("unchecked")
  private static BlendQueryBuilder of(Object[] args) {
    return new BlendQueryBuilder(
        (QueryBuilder) args[0],
        (RelevanceClause) Objects.requireNonNullElse(args[1], RelevanceClause.DEFAULT),
        (List<AffinityClause>) Objects.requireNonNullElse(args[2], List.of()),
        (List<PriorClause>) Objects.requireNonNullElse(args[3], List.of()),
        (RecallClause) args[4],
        (boolean) Objects.requireNonNullElse(args[5], false));
  }

  static BlendQueryBuilder fromXContent(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME).field("query", query).field("relevance", relevance);
    builder.startArray("affinities");
    for (AffinityClause affinity : affinities) {
      affinity.toXContent(builder, params);
    }
    builder.endArray().startArray("priors");
    for (PriorClause prior : priors) {
      prior.toXContent(builder, params);
    }
    builder.endArray();
    if (recall != null) {
      builder.field("recall", recall);
    }
    builder.field("ignore_unmapped", ignoreUnmapped);
    printBoostAndQueryName(builder);
    builder.endObject();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the sign for "nothing left to rewrite"
  protected QueryBuilder doRewrite(QueryRewriteContext context) throws IOException {
    QueryBuilder newQuery = query.rewrite(context);
    boolean changed = newQuery != query;
    List<AffinityClause> newAffinities = new ArrayList<>();
    for (AffinityClause affinity : affinities) {
      VectorReference target = affinity.target().rewrite(context);
      changed |= target != affinity.target();
      newAffinities.add(target == affinity.target() ? affinity : affinity.withTarget(target));
    }
    RecallClause newRecall = recall == null ? null : recall.rewrite(context);
    changed |= newRecall != recall;
    return changed
        ? new BlendQueryBuilder(
            newQuery, relevance, newAffinities, priors, newRecall, ignoreUnmapped)
        : this;
  }

  @Override
  protected Query doToQuery(QueryShardContext context) throws IOException {
    Query keywords = query.toQuery(context);
    if (keywords == null) {
      keywords = new MatchNoDocsQuery("[blend.query] has no query of its own");
    }
    List<Affinity> bound = new ArrayList<>();
    for (AffinityClause affinity : affinities) {
      bound.add(affinity.toAffinity(context, ignoreUnmapped));
    }
    return new BlendQuery(
        keywords,
        relevance.weight(),
        relevance.function(),
        bound,
        priors.stream()
            .filter(prior -> !ignoreUnmapped || context.fieldMapper(prior.field()) != null)
            .map(prior -> prior.toPrior(context))
            .toList(),
        recall == null ? null : recall.toQuery(bound.get(affinityOf(recall)), context));
  }

  private int affinityOf(RecallClause clause) {
    for (int i = 0; i < affinities.size(); i++) {
      if (affinities.get(i).field().equals(clause.field())) {
        return i;
      }
    }
    return -1;
  }

  @Override
  protected void extractInnerHitBuilders(Map<String, InnerHitContextBuilder> innerHits) {
    InnerHitContextBuilder.extractInnerHits(query, innerHits);
    if (recall != null && recall.filter() != null) {
      InnerHitContextBuilder.extractInnerHits(recall.filter(), innerHits);
    }
  }

  @Override
  public void visit(QueryBuilderVisitor visitor) {
    visitor.accept(this);
    query.visit(visitor.getChildVisitor(BooleanClause.Occur.MUST));
    if (recall != null && recall.filter() != null) {
      recall.filter().visit(visitor.getChildVisitor(BooleanClause.Occur.FILTER));
    }
  }

  @Override
  protected boolean doEquals(BlendQueryBuilder other) {
    return query.equals(other.query)
        && relevance.equals(other.relevance)
        && affinities.equals(other.affinities)
        && priors.equals(other.priors)
        && Objects.equals(recall, other.recall)
        && ignoreUnmapped == other.ignoreUnmapped;
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(query, relevance, affinities, priors, recall, ignoreUnmapped);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.affinity.ann.search.Affinity;
import org.affinity.ann.search.BlendQuery;
import org.affinity.ann.search.Precision;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
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

  /** Of affinities, and of priors. */
  static final int MAX_PARTS = 100;

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
        RecallClause.NAME);
    PARSER.declareBoolean(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("ignore_unmapped"));
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("max_loss"));
    PARSER.declareString(
        ConstructingObjectParser.optionalConstructorArg(),
        PrecisionContent::parse,
        PrecisionContent.FIELD);
    PARSER.declareFloat(BlendQueryBuilder::boost, BOOST_FIELD);
    PARSER.declareString(BlendQueryBuilder::queryName, NAME_FIELD);
  }

  private final QueryBuilder query;
  private final RelevanceClause relevance;
  private final List<AffinityClause> affinities;
  private final List<PriorClause> priors;
  private final RecallClause recall;
  private final boolean ignoreUnmapped;
  private final Double maxLoss;
  private final Precision precision;

  /** A blend that may reorder as it likes. */
  BlendQueryBuilder(
      QueryBuilder query,
      RelevanceClause relevance,
      List<AffinityClause> affinities,
      List<PriorClause> priors,
      RecallClause recall,
      boolean ignoreUnmapped) {
    this(query, relevance, affinities, priors, recall, ignoreUnmapped, null, Precision.EXACT);
  }

  /**
   * @param recall by the first affinity of its field, beside those of the affinities; may be null
   * @param maxLoss from 0 to below 1; null for no limit
   */
  BlendQueryBuilder(
      QueryBuilder query,
      RelevanceClause relevance,
      List<AffinityClause> affinities,
      List<PriorClause> priors,
      RecallClause recall,
      boolean ignoreUnmapped,
      Double maxLoss,
      Precision precision) {
    this.query = Objects.requireNonNull(query);
    this.relevance = relevance;
    this.affinities = List.copyOf(affinities);
    this.priors = List.copyOf(priors);
    this.recall = recall;
    this.ignoreUnmapped = ignoreUnmapped;
    this.precision = precision;
    this.maxLoss = maxLoss;
    checkSize("affinities", affinities.size());
    checkSize("priors", priors.size());
    checkMaxLoss();
    if (recall != null && affinityOf(recall) < 0) {
      throw new IllegalArgumentException(
          "[recall.field: " + recall.field() + "] must be the field of one of the [affinities]");
    }
  }

  private static void checkSize(String name, int size) {
    if (size > MAX_PARTS) {
      throw new IllegalArgumentException(
          "[" + name + "] may be at most " + MAX_PARTS + ", got " + size);
    }
  }

  private void checkMaxLoss() {
    if (maxLoss == null) {
      return;
    }
    if (!(maxLoss >= 0 && maxLoss < 1)) {
      throw new IllegalArgumentException(
          "[max_loss] must be a number from 0 to below 1, got ["
              + maxLoss
              + "]; leave it out for no limit");
    }
    if (relevance.weight() == 0) {
      throw new IllegalArgumentException(
          "[max_loss] bounds the loss of relevance and needs [relevance.weight] above 0");
    }
    if (!relevance.function().neverStopsRising()) {
      throw new IllegalArgumentException(
          "[max_loss] needs a [relevance.function] that tells apart any two scores: [linear] and"
              + " [log] stop rising at their [max]; use [saturation] or [none]");
    }
    if (recall != null || affinities.stream().anyMatch(affinity -> affinity.recall() != null)) {
      throw new IllegalArgumentException(
          "[max_loss] and [recall] exclude each other: what only recall finds has no relevance,"
              + " and may stand above no match");
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
    maxLoss = in.readOptionalDouble();
    precision = in.readEnum(Precision.class);
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeNamedWriteable(query);
    relevance.writeTo(out);
    out.writeList(affinities);
    out.writeList(priors);
    out.writeOptionalWriteable(recall);
    out.writeBoolean(ignoreUnmapped);
    out.writeOptionalDouble(maxLoss);
    out.writeEnum(precision);
  }

  @SuppressWarnings("unchecked")
  private static BlendQueryBuilder of(Object[] args) {
    return new BlendQueryBuilder(
        (QueryBuilder) args[0],
        (RelevanceClause) Objects.requireNonNullElse(args[1], RelevanceClause.DEFAULT),
        (List<AffinityClause>) Objects.requireNonNullElse(args[2], List.of()),
        (List<PriorClause>) Objects.requireNonNullElse(args[3], List.of()),
        (RecallClause) args[4],
        (boolean) Objects.requireNonNullElse(args[5], false),
        (Double) args[6],
        (Precision) Objects.requireNonNullElse(args[7], Precision.EXACT));
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
    if (maxLoss != null) {
      builder.field("max_loss", maxLoss);
    }
    builder.field(PrecisionContent.FIELD.getPreferredName(), PrecisionContent.name(precision));
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
      AffinityClause newAffinity = affinity.rewrite(context);
      changed |= newAffinity != affinity;
      newAffinities.add(newAffinity);
    }
    RecallClause newRecall = recall == null ? null : recall.rewrite(context);
    changed |= newRecall != recall;
    return changed
        ? new BlendQueryBuilder(
            newQuery,
            relevance,
            newAffinities,
            priors,
            newRecall,
            ignoreUnmapped,
            maxLoss,
            precision)
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
        priors.stream().map(prior -> prior.toPrior(context, ignoreUnmapped)).toList(),
        recallQuery(bound, context),
        maxLoss == null ? 1 : maxLoss,
        precision);
  }

  /** What joins the matches, found by any of the affinities; null for nothing. */
  private Query recallQuery(List<Affinity> bound, QueryShardContext context) throws IOException {
    List<Query> found = new ArrayList<>();
    if (recall != null) {
      addRecall(recall, bound.get(affinityOf(recall)), context, found);
    }
    for (int i = 0; i < affinities.size(); i++) {
      if (affinities.get(i).recall() != null) {
        addRecall(affinities.get(i).recall(), bound.get(i), context, found);
      }
    }
    if (found.size() < 2) {
      return found.isEmpty() ? null : found.get(0);
    }
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (Query query : found) {
      any.add(query, BooleanClause.Occur.SHOULD);
    }
    return any.build();
  }

  private static void addRecall(
      RecallClause clause, Affinity affinity, QueryShardContext context, List<Query> found)
      throws IOException {
    Query query = clause.toQuery(affinity, context);
    if (query != null) {
      found.add(query);
    }
  }

  /** The filters of all recalls. */
  private List<QueryBuilder> recallFilters() {
    return Stream.concat(
            Stream.ofNullable(recall),
            affinities.stream().map(AffinityClause::recall).filter(Objects::nonNull))
        .map(RecallClause::filter)
        .filter(Objects::nonNull)
        .toList();
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
    for (QueryBuilder filter : recallFilters()) {
      InnerHitContextBuilder.extractInnerHits(filter, innerHits);
    }
  }

  @Override
  public void visit(QueryBuilderVisitor visitor) {
    visitor.accept(this);
    query.visit(visitor.getChildVisitor(BooleanClause.Occur.MUST));
    for (QueryBuilder filter : recallFilters()) {
      filter.visit(visitor.getChildVisitor(BooleanClause.Occur.FILTER));
    }
  }

  @Override
  protected boolean doEquals(BlendQueryBuilder other) {
    return query.equals(other.query)
        && relevance.equals(other.relevance)
        && affinities.equals(other.affinities)
        && priors.equals(other.priors)
        && Objects.equals(recall, other.recall)
        && ignoreUnmapped == other.ignoreUnmapped
        && Objects.equals(maxLoss, other.maxLoss)
        && precision == other.precision;
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(
        query, relevance, affinities, priors, recall, ignoreUnmapped, maxLoss, precision);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.search.AnnSearchStrategy;
import org.affinity.ann.search.NearestQuery;
import org.affinity.ann.search.SearchListener;
import org.affinity.ann.search.Targets;
import org.affinity.ann.search.VectorSpace;
import org.affinity.ann.search.WithinQuery;
import org.affinity.plugin.admin.SearchCounters;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.join.BitSetProducer;
import org.apache.lucene.util.BytesRef;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.index.fielddata.IndexFieldData;
import org.opensearch.index.mapper.ArraySourceValueFetcher;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.mapper.TextSearchInfo;
import org.opensearch.index.mapper.ValueFetcher;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;
import org.opensearch.search.DocValueFormat;
import org.opensearch.search.lookup.SearchLookup;

/** What queries need to know of an embedding field. */
final class EmbeddingFieldType extends MappedFieldType {

  private final int dimension;
  private final SpaceType spaceType;
  private final IndexMethod method;
  private final SearchCounters searches;

  EmbeddingFieldType(
      String name,
      int dimension,
      SpaceType spaceType,
      IndexMethod method,
      Map<String, String> meta,
      SearchCounters searches) {
    super(name, true, false, false, TextSearchInfo.NONE, meta);
    this.dimension = dimension;
    this.spaceType = spaceType;
    this.method = method;
    this.searches = searches;
  }

  /**
   * The type of a field that must be an embedding; null if the mapping does not have it.
   *
   * @throws QueryShardException (400) if it is something else
   */
  static EmbeddingFieldType of(QueryShardContext context, String query, String field) {
    MappedFieldType type = context.fieldMapper(field);
    if (type == null) {
      return null;
    }
    if (type.unwrap() instanceof EmbeddingFieldType embedding) {
      requireScope(context, query, type.name());
      return embedding;
    }
    throw new QueryShardException(
        context,
        "["
            + query
            + "] needs a field of type [embedding]; ["
            + field
            + "] is of type ["
            + type.typeName()
            + "]");
  }

  /** A query sees the documents of its own nesting level only, and would silently find nothing. */
  private static void requireScope(QueryShardContext context, String query, String field) {
    NestingLevel level = NestingLevel.of(context, field);
    if (!level.equals(NestingLevel.current(context))) {
      throw new QueryShardException(
          context,
          "["
              + query
              + "] on field ["
              + field
              + "] must stand "
              + (level.isRoot()
                  ? "outside of any [nested] query"
                  : "directly in a [nested] query with [path: " + level.path() + "]"));
    }
  }

  /** {@link #of}, where the field must exist. */
  static EmbeddingFieldType require(QueryShardContext context, String query, String field) {
    EmbeddingFieldType type = of(context, query, field);
    if (type == null) {
      throw new QueryShardException(
          context, "[" + query + "] failed to find field [" + field + "]");
    }
    return type;
  }

  /**
   * The k nearest to one of some vectors: documents, or in {@code nested} objects the documents of
   * the k best, each by its best object.
   *
   * @param filter may be null
   * @throws QueryShardException (400) if the field's method cannot use a parameter
   */
  NearestQuery nearest(
      QueryShardContext context,
      Targets targets,
      int k,
      SearchParameters parameters,
      QueryBuilder filter)
      throws IOException {
    NearestQuery query =
        new NearestQuery(
            name(), space(), targets, k, strategy(context, parameters), filter(context, filter));
    BitSetProducer documents = context.bitsetFilter(NestingLevel.ROOT.documents(context));
    return (NestingLevel.of(context, name()).isRoot()
            ? query
            : query.perParent(new JoinedParents(documents)))
        .reportingTo(listener(context));
  }

  /** All documents, or in {@code nested} all objects, with at least a score. */
  Query within(QueryShardContext context, Targets targets, float minScore, QueryBuilder filter)
      throws IOException {
    Query within =
        new WithinQuery(name(), space(), targets, minScore).reportingTo(listener(context));
    Query allowed = filter(context, filter);
    return allowed == null
        ? within
        : new BooleanQuery.Builder()
            .add(within, BooleanClause.Occur.MUST)
            .add(allowed, BooleanClause.Occur.FILTER)
            .build();
  }

  private Query filter(QueryShardContext context, QueryBuilder filter) throws IOException {
    if (filter == null) {
      return null;
    }
    NestingLevel level = NestingLevel.of(context, name());
    return level.isRoot()
        ? filter.toQuery(context)
        : new NestedFilter(context, level).toQuery(filter);
  }

  private SearchListener listener(QueryShardContext context) {
    return searches.listener(new ShardId(context.index(), context.getShardId()));
  }

  /** As hard as asked for, and by the mapping where nothing is asked for. */
  private AnnSearchStrategy strategy(QueryShardContext context, SearchParameters parameters) {
    AnnSearchStrategy defaults = Encoder.defaults(method.encoder());
    if (!(method instanceof IndexMethod.Ivf ivf)) {
      if (parameters.method().nprobes() != null) {
        throw new QueryShardException(
            context,
            "[method_parameters.nprobes] is for fields of method [ivf]; the method of field ["
                + name()
                + "] is ["
                + method.toMap().get("name")
                + "]");
      }
      return parameters.over(defaults);
    }
    int nprobes =
        ivf.nprobes() == IvfParameters.AUTO ? AnnSearchStrategy.MAX_NPROBES : ivf.nprobes();
    return parameters.over(
        new AnnSearchStrategy(defaults.efSearch(), nprobes, defaults.oversample(), false));
  }

  int dimension() {
    return dimension;
  }

  SpaceType spaceType() {
    return spaceType;
  }

  VectorSpace space() {
    return spaceType.space();
  }

  IndexMethod method() {
    return method;
  }

  @Override
  public String typeName() {
    return EmbeddingFieldMapper.CONTENT_TYPE;
  }

  @Override
  public Query termQuery(Object value, QueryShardContext context) {
    throw new QueryShardException(
        context,
        "field ["
            + name()
            + "] of type [embedding] has no terms; search it with [nearest] or [blend]");
  }

  @Override
  public ValueFetcher valueFetcher(QueryShardContext context, SearchLookup lookup, String format) {
    if (format != null) {
      throw new IllegalArgumentException(
          "field [" + name() + "] of type [embedding] does not support formats");
    }
    return new ArraySourceValueFetcher(name(), context) {
      @Override
      protected Object parseSourceValue(Object value) {
        return value instanceof List ? value : List.of(value);
      }
    };
  }

  /** For {@code docvalue_fields}; everything else that asks for field data is refused there. */
  @Override
  public IndexFieldData.Builder fielddataBuilder(String index, Supplier<SearchLookup> lookup) {
    return (cache, breakers) -> new EmbeddingFieldData(name());
  }

  /** For {@code stored_fields} of a get: the numbers, from the bytes of a segment's raw vector. */
  @Override
  public Object valueForDisplay(Object value) {
    if (!(value instanceof BytesRef bytes)) {
      return value;
    }
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(vector);
    return vector;
  }

  @Override
  public boolean isAggregatable() {
    return false;
  }

  @Override
  public DocValueFormat docValueFormat(String format, ZoneId timeZone) {
    if (timeZone != null) {
      return super.docValueFormat(null, timeZone);
    }
    return switch (format) {
      case null -> DocValueFormat.RAW;
      case "array" -> DocValueFormat.RAW;
      case "base64" -> DocValueFormat.BINARY;
      default ->
          throw new IllegalArgumentException(
              "[format] of field ["
                  + name()
                  + "] must be one of [array, base64], got ["
                  + format
                  + "]");
    };
  }
}

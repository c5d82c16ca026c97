/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.affinity.ann.search.VectorSpace;
import org.apache.lucene.search.Query;
import org.opensearch.index.fielddata.IndexFieldData;
import org.opensearch.index.mapper.ArraySourceValueFetcher;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.mapper.ObjectMapper;
import org.opensearch.index.mapper.TextSearchInfo;
import org.opensearch.index.mapper.ValueFetcher;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;
import org.opensearch.search.DocValueFormat;
import org.opensearch.search.lookup.SearchLookup;

/** What queries need to know of an embedding field. */
final class EmbeddingFieldType extends MappedFieldType {

  private final int dimension;
  private final SpaceType spaceType;
  private final IndexMethod method;

  EmbeddingFieldType(
      String name,
      int dimension,
      SpaceType spaceType,
      IndexMethod method,
      Map<String, String> meta) {
    super(name, true, false, false, TextSearchInfo.NONE, meta);
    this.dimension = dimension;
    this.spaceType = spaceType;
    this.method = method;
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
    String nestedPath = null;
    for (int dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', dot + 1)) {
      ObjectMapper object = context.getObjectMapper(field.substring(0, dot));
      if (object != null && object.nested().isNested()) {
        nestedPath = object.name();
      }
    }
    ObjectMapper scope = context.nestedScope().getObjectMapper();
    if (!Objects.equals(nestedPath, scope == null ? null : scope.name())) {
      throw new QueryShardException(
          context,
          "["
              + query
              + "] on field ["
              + field
              + "] must stand "
              + (nestedPath == null
                  ? "outside of any [nested] query"
                  : "directly in a [nested] query with [path: " + nestedPath + "]"));
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

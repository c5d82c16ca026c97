/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.affinity.plugin.reference.VectorReference;
import org.opensearch.core.ParseField;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;

/** The options behind the field name of {@code nearest}, as they are read. */
final class NearestContent {

  private static final ObjectParser<NearestContent, Void> PARSER =
      new ObjectParser<>(NearestQueryBuilder.NAME, NearestContent::new);

  private static final ObjectParser<NearestContent, Void> RESCORE = new ObjectParser<>("rescore");

  static {
    PARSER.declareField(
        (parser, content, context) -> content.vector = VectorReference.parseVector(parser),
        VectorReference.VECTOR,
        ObjectParser.ValueType.VALUE_OBJECT_ARRAY);
    PARSER.declareField(
        (parser, content, context) -> content.from = VectorReference.parseFrom(parser),
        VectorReference.FROM,
        ObjectParser.ValueType.OBJECT);
    PARSER.declareInt((content, k) -> content.k = k, new ParseField("k"));
    PARSER.declareFloat((content, min) -> content.minScore = min, new ParseField("min_score"));
    PARSER.declareFloat(
        (content, max) -> content.maxDistance = max, new ParseField("max_distance"));
    PARSER.declareField(
        (parser, content, context) ->
            content.filter = AbstractQueryBuilder.parseInnerQueryBuilder(parser),
        new ParseField("filter"),
        ObjectParser.ValueType.OBJECT);
    PARSER.declareField(
        (parser, content, context) -> content.method = MethodParameters.parse(parser),
        MethodParameters.NAME,
        ObjectParser.ValueType.OBJECT);
    PARSER.declareField(
        NearestContent::parseRescore,
        new ParseField("rescore"),
        ObjectParser.ValueType.OBJECT_OR_BOOLEAN);
    PARSER.declareBoolean((content, exact) -> content.exact = exact, new ParseField("exact"));
    PARSER.declareBoolean(
        (content, ignore) -> content.ignoreUnmapped = ignore, new ParseField("ignore_unmapped"));
    PARSER.declareFloat(
        (content, boost) -> content.boost = boost, AbstractQueryBuilder.BOOST_FIELD);
    PARSER.declareString((content, name) -> content.name = name, AbstractQueryBuilder.NAME_FIELD);
    RESCORE.declareFloat(
        (content, factor) -> content.oversample = factor, new ParseField("oversample_factor"));
  }

  private VectorReference vector;
  private VectorReference from;
  private Integer k;
  private Float minScore;
  private Float maxDistance;
  private QueryBuilder filter;
  private MethodParameters method = MethodParameters.DEFAULT;
  private Float oversample;
  private boolean exact;
  private boolean ignoreUnmapped;
  private float boost = AbstractQueryBuilder.DEFAULT_BOOST;
  private String name;

  static NearestContent parse(XContentParser parser) throws IOException {
    return PARSER.parse(parser, null);
  }

  /** {@code true} is the field's default, {@code false} the same as a factor of 1. */
  private static void parseRescore(XContentParser parser, NearestContent content, Void context)
      throws IOException {
    if (parser.currentToken() == XContentParser.Token.VALUE_BOOLEAN) {
      content.oversample = parser.booleanValue() ? null : (Float) 1f;
    } else {
      RESCORE.parse(parser, content, null);
    }
  }

  NearestQueryBuilder build(String field) {
    return new NearestQueryBuilder(
            field,
            VectorReference.oneOf(vector, from),
            new Extent(k, minScore, maxDistance),
            new SearchParameters(method, oversample, exact),
            filter,
            ignoreUnmapped)
        .boost(boost)
        .queryName(name);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;

import java.io.IOException;
import java.util.List;
import org.affinity.ann.search.AnnSearchStrategy;
import org.affinity.ann.search.NearestQuery;
import org.affinity.ann.search.WithinQuery;
import org.affinity.plugin.reference.VectorReference;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;
import org.opensearch.index.query.TermQueryBuilder;

public class NearestQueryBuilderTests extends AffinityQueryTestCase<NearestQueryBuilder> {

  @Override
  protected NearestQueryBuilder doCreateTestQueryBuilder() {
    Extent extent =
        switch (randomInt(2)) {
          case 0 -> new Extent(randomIntBetween(1, 100), null, null);
          case 1 -> new Extent(null, randomFloat(), null);
          default -> new Extent(null, null, randomFloat());
        };
    SearchParameters strategy =
        new SearchParameters(
            new MethodParameters(randomBoolean() ? null : randomIntBetween(1, 500), null),
            randomBoolean() ? null : 1 + 10 * randomFloat(),
            randomBoolean());
    QueryBuilder filter = randomBoolean() ? null : new TermQueryBuilder(TEXT_FIELD_NAME, "a");
    return new NearestQueryBuilder(
        FIELD, randomVector(), extent, strategy, filter, randomBoolean());
  }

  @Override
  protected void doAssertLuceneQuery(
      NearestQueryBuilder builder, Query query, QueryShardContext context) {
    if (query instanceof BooleanQuery bool) {
      query = bool.clauses().get(0).query();
    }
    if (query instanceof NearestQuery) {
      assertTrue(query.toString(), query.toString().startsWith("nearest[taste] k="));
    } else {
      assertThat(query, instanceOf(WithinQuery.class));
    }
  }

  @Override
  public void testUnknownField() throws IOException {
    // The base test renames the field, which is a key here; what it means is tested below.
    QueryShardContext context = createShardContext();
    NearestQueryBuilder strict = nearest("absent", randomVector(), false);
    QueryShardException e = expectThrows(QueryShardException.class, () -> strict.toQuery(context));
    assertThat(e.getMessage(), containsString("failed to find field [absent]"));
    assertThat(
        nearest("absent", randomVector(), true).toQuery(context),
        instanceOf(MatchNoDocsQuery.class));
  }

  public void testRefusesBadRequestsInWords() throws IOException {
    assertRefused("{\"vector\": [1,2,3]}", "exactly one of [k], [min_score]");
    assertRefused("{\"k\": 3}", "exactly one of [vector] and [from]");
    assertRefused("{\"vector\": [1,2,3], \"k\": 3, \"min_score\": 1}", "exactly one of [k]");
    assertRefused("{\"vector\": [1,2,3], \"k\": 10001}", "[k] must be between 1 and 10000");
    assertRefused("{\"vector\": [1,\"x\",3], \"k\": 1}", "[x] at position [1]");
    assertRefused("{\"vector\": [1,2,3], \"k\": 1, \"kk\": 1}", "unknown field [kk]");
    assertRefused(
        "{\"vector\": [1], \"k\": 1, \"method_parameters\": {\"probes\": 1}}",
        "unknown field [probes]");
    assertRefused(
        "{\"vector\": [1], \"k\": 1, \"method_parameters\": {\"nprobes\": 0}}",
        "[nprobes] must be between 1 and 65536");
    assertRefused(
        "{\"vector\": [1], \"k\": 1, \"method_parameters\": {\"ef_search\": 0}}",
        "[ef_search] must be between 1 and 10000");
    assertRefused(
        "{\"vector\": [1], \"k\": 1, \"rescore\": {\"oversample_factor\": 0.5}}",
        "[oversample_factor] must be between 1 and 100");
    assertRefused("{\"from\": {\"likes\": [1]}, \"k\": 1}", "need the [index]");
    assertRefused("{\"from\": {\"loves\": [1]}, \"k\": 1}", "unknown field [loves]");
    assertRefused("{\"from\": {}, \"k\": 1}", "document");
    assertRefused(
        "{\"from\": {\"document\": {\"index\": \"i\", \"id\": 1}, \"missing\": \"skip\"}, \"k\": 1}",
        "one of [neutral, error]");
  }

  public void testRefusesWhatTheMappingCannotCompare() {
    QueryShardContext context = createShardContext();
    assertShardRefuses(context, nearest(FIELD, given(1, 2), false), "has [2] values");
    assertShardRefuses(context, nearest(FIELD, given(0, 0, 0), false), "zero vector");
    assertShardRefuses(
        context, nearest(TEXT_FIELD_NAME, given(1), false), "needs a field of type [embedding]");
    NearestQueryBuilder negative =
        new NearestQueryBuilder(
            "place",
            given(1, 2),
            new Extent(null, null, -1f),
            SearchParameters.DEFAULT,
            null,
            false);
    assertShardRefuses(context, negative, "[max_distance] must not be negative");
  }

  public void testParametersAreTheQuerysThenTheMappingsThenTheEncoders() throws IOException {
    QueryShardContext context = createShardContext();
    assertStrategy(
        context, FIELD, "{}", new AnnSearchStrategy(100, AnnSearchStrategy.MAX_NPROBES, 3, false));
    assertStrategy(context, "coarse", "{}", new AnnSearchStrategy(300, 0, 5, false));
    assertStrategy(
        context, "coarse", "{\"ef_search\": 100}", new AnnSearchStrategy(100, 0, 5, false));
    assertStrategy(context, "lists", "{}", new AnnSearchStrategy(100, 7, 3, false));
    assertStrategy(
        context,
        "lists",
        "{\"nprobes\": 9, \"ef_search\": 50}",
        new AnnSearchStrategy(50, 9, 3, false));
    assertStrategy(
        context,
        "autolists",
        "{}",
        new AnnSearchStrategy(100, AnnSearchStrategy.MAX_NPROBES, 3, false));
    QueryBuilder impossible = parsed("coarse", "{\"nprobes\": 3}");
    Exception e = expectThrows(QueryShardException.class, () -> impossible.toQuery(context));
    assertThat(
        e.getMessage(),
        containsString(
            "[method_parameters.nprobes] is for fields of method [ivf]; the method of field"
                + " [coarse] is [flat]"));
  }

  private QueryBuilder parsed(String field, String parameters) throws IOException {
    return parseQuery(
        "{\"nearest\": {\""
            + field
            + "\": {\"vector\": [1,2,3], \"k\": 3, \"method_parameters\": "
            + parameters
            + "}}}");
  }

  private void assertStrategy(
      QueryShardContext context, String field, String parameters, AnnSearchStrategy expected)
      throws IOException {
    Query nearest = parsed(field, parameters).toQuery(context);
    assertEquals(expected, ((NearestQuery) nearest).strategy());
    String recall =
        "{\"blend\": {\"query\": {\"match_all\": {}}, \"affinities\": [{\"field\": \""
            + field
            + "\", \"vector\": [1,2,3]}], \"recall\": {\"field\": \""
            + field
            + "\", \"k\": 3, \"method_parameters\": "
            + parameters
            + "}}}";
    String blend = parseQuery(recall).toQuery(context).toString();
    assertThat(blend, containsString("recall " + nearest));
  }

  public void testDistancesBecomeScores() {
    float l2 = new Extent(null, null, 3f).minScore(SpaceType.L2.space());
    assertEquals(0.25f, l2, 0);
    float cosine = new Extent(null, null, 0.5f).minScore(SpaceType.COSINESIMIL.space());
    assertEquals(0.75f, cosine, 0);
    float product = new Extent(null, null, -2f).minScore(SpaceType.INNERPRODUCT.space());
    assertEquals(3f, product, 0);
  }

  public void testReferenceIsWrittenAndReadInFull() throws IOException {
    String json =
        "{\"nearest\": {\"taste\": {\"k\": 3, \"from\": {\"document\": {\"index\": \"readers\","
            + " \"id\": 314, \"routing\": \"r\"}}}}}";
    QueryBuilder parsed = parseQuery(json);
    QueryBuilder again = parseQuery(parsed.toString());
    assertEquals(parsed, again);
    assertEquals(parsed, copyQuery((NearestQueryBuilder) parsed));
    String text = parsed.toString().replaceAll("\\s", "");
    assertThat(text, containsString("\"id\":\"314\",\"field\":\"taste\",\"routing\":\"r\""));
    assertThat(text, containsString("\"missing\":\"error\""));
  }

  public void testEveryFormIsWrittenAndReadInFull() throws IOException {
    String document = "{\"document\": {\"index\": \"readers\", \"id\": 3}}";
    String likes =
        "{\"likes\": [1, {\"id\": \"b\", \"weight\": 2.5, \"age\": \"3d\"}], \"dislikes\": [2],"
            + " \"index\": \"books\", \"field\": \"v\", \"routing\": \"r\", \"half_life\": \"36h\"}";
    String history =
        "{\"history\": {\"index\": \"readers\", \"id\": \"3\", \"routing\": \"r\", \"path\":"
            + " \"a.b\", \"event\": {\"item\": \"id\"}, \"items\": {\"index\": \"books\","
            + " \"routing\": \"q\"}, \"weights\": {\"view\": 1, \"return\": -3}, \"half_life\":"
            + " \"14d\", \"last\": 50, \"interests\": 3}, \"missing\": \"error\"}";
    String sum =
        "{\"sum\": [{\"weight\": 0.5, \"from\": "
            + likes
            + "}, {\"vector\": [1, 2]}], \"missing\": \"neutral\"}";
    String chain = "{\"first_of\": [" + history + ", " + sum + ", " + document + "]}";
    for (String from : List.of(document, likes, history, sum, chain)) {
      QueryBuilder nearest =
          parseQuery("{\"nearest\": {\"taste\": {\"k\": 3, \"from\": " + from + "}}}");
      assertEquals(nearest, parseQuery(nearest.toString()));
      assertEquals(nearest, copyQuery((NearestQueryBuilder) nearest));
      QueryBuilder blend =
          parseQuery(
              "{\"blend\": {\"query\": {\"match_all\": {}}, \"affinities\": [{\"field\": \"taste\","
                  + " \"from\": "
                  + from
                  + "}]}}");
      assertEquals(blend, parseQuery(blend.toString()));
      assertEquals(blend, copyNamedWriteable(blend, namedWriteableRegistry(), QueryBuilder.class));
      assertNotEquals(
          nearest, parseQuery(nearest.toString().replaceFirst("readers|books", "others")));
    }
  }

  private NearestQueryBuilder copyQuery(NearestQueryBuilder query) throws IOException {
    return copyNamedWriteable(query, namedWriteableRegistry(), QueryBuilder.class)
            instanceof NearestQueryBuilder copy
        ? copy
        : null;
  }

  public void testFilterIsVisited() {
    NearestQueryBuilder query =
        new NearestQueryBuilder(
            FIELD,
            given(1, 2, 3),
            new Extent(3, null, null),
            SearchParameters.DEFAULT,
            QueryBuilders.matchAllQuery(),
            false);
    java.util.List<String> names = new java.util.ArrayList<>();
    query.visit(
        new org.opensearch.index.query.QueryBuilderVisitor() {
          @Override
          public void accept(QueryBuilder builder) {
            names.add(builder.getName());
          }

          @Override
          public org.opensearch.index.query.QueryBuilderVisitor getChildVisitor(
              org.apache.lucene.search.BooleanClause.Occur occur) {
            return this;
          }
        });
    assertEquals(List.of("nearest", "match_all"), names);
  }

  private static NearestQueryBuilder nearest(
      String field, VectorReference vector, boolean ignoreUnmapped) {
    return new NearestQueryBuilder(
        field, vector, new Extent(3, null, null), SearchParameters.DEFAULT, null, ignoreUnmapped);
  }

  private static void assertShardRefuses(
      QueryShardContext context, NearestQueryBuilder query, String words) {
    Exception e = expectThrows(Exception.class, () -> query.toQuery(context));
    assertTrue(
        "a 400, not " + e,
        e instanceof QueryShardException || e instanceof IllegalArgumentException);
    assertThat(e.getMessage(), containsString(words));
  }

  private void assertRefused(String options, String words) {
    Exception e =
        expectThrows(
            Exception.class, () -> parseQuery("{\"nearest\": {\"taste\": " + options + "}}"));
    StringBuilder messages = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      messages.append(t.getMessage()).append('\n');
    }
    assertThat(messages.toString(), containsString(words));
  }
}

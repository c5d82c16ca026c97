/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.affinity.ann.search.Precision;
import org.affinity.plugin.reference.DocumentReference;
import org.affinity.plugin.reference.Missing;
import org.affinity.plugin.reference.VectorReference;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.search.SearchType;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.index.query.MatchQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.search.SearchHit;
import org.opensearch.search.builder.SearchSourceBuilder;
import org.opensearch.search.fetch.subphase.highlight.HighlightBuilder;
import org.opensearch.search.sort.SortBuilders;
import org.opensearch.search.sort.SortOrder;
import org.opensearch.test.OpenSearchIntegTestCase;

/** Several nodes, shards and replicas: references, agreement of all paths, coexistence. */
@OpenSearchIntegTestCase.ClusterScope(numDataNodes = 2)
public class AffinityClusterTests extends AffinityClusterTestCase {
  public void testNearestByReferenceOverShardsIsBruteForce() {
    createIndices("best_compression");
    indexBooks();
    indexReader();
    for (boolean exact : new boolean[] {true, false}) {
      SearchResponse response =
          prepareSearch()
              .setQuery(nearest(document("ann", null), 10, exact, null))
              .setSize(10)
              .get();
      assertEquals(best(10), ids(response));
    }
    SearchResponse filtered =
        prepareSearch()
            .setQuery(
                nearest(document("ann", null), 30, false, QueryBuilders.termQuery("group", "g2")))
            .setSize(100)
            .get();
    List<String> expected =
        best(SIZE).stream().filter(id -> Integer.parseInt(id.substring(1)) % 4 == 2).toList();
    assertEquals(expected, ids(filtered));
  }

  public void testScoresStayTheSameThroughMergeAndReplica() {
    createIndices("default");
    indexBooks();
    indexReader();
    Map<String, Float> before = scores("_primary");
    assertEquals("every match", SIZE / 3, before.size());
    ensureGreen("books");
    assertEquals(before, scores("_replica"));
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    refresh("books");
    assertEquals(before, scores("_primary"));
  }

  public void testBlendWorksWithWhatSearchesUse() {
    createIndices("default");
    indexBooks();
    indexReader();
    QueryBuilder query =
        QueryBuilders.boolQuery()
            .must(blend(document("ann", null), 0.5).queryName("mine"))
            .filter(QueryBuilders.rangeQuery("popularity").gte(30));
    SearchResponse all =
        prepareSearch()
            .setQuery(query)
            .setSize(100)
            .setExplain(true)
            .highlighter(new HighlightBuilder().field("title"))
            .addAggregation(
                org.opensearch.search.aggregations.AggregationBuilders.terms("groups")
                    .field("group"))
            .get();
    assertEquals(30, all.getHits().getTotalHits().value());
    for (SearchHit hit : all.getHits()) {
      assertEquals(List.of("mine"), Arrays.asList(hit.getMatchedQueries()));
      assertThat(
          hit.getHighlightFields().get("title").fragments()[0].string(),
          containsString("<em>dragon</em>"));
      assertEquals(hit.getScore(), hit.getExplanation().getValue().floatValue(), 1e-6f);
    }
    List<String> paged = new ArrayList<>();
    for (int from = 0; from < 30; from += 7) {
      paged.addAll(ids(prepareSearch().setQuery(query).setFrom(from).setSize(7).get()));
    }
    assertEquals(ids(all), paged);
    SearchSourceBuilder source =
        new SearchSourceBuilder()
            .query(query)
            .size(9)
            .sort(SortBuilders.scoreSort())
            .sort(SortBuilders.fieldSort("popularity").order(SortOrder.ASC));
    SearchResponse first = search(source);
    SearchHit last = first.getHits().getAt(8);
    SearchResponse second = search(source.searchAfter(last.getSortValues()));
    List<String> both = new ArrayList<>(ids(first));
    both.addAll(ids(second));
    assertEquals(ids(all).subList(0, 18), both);
  }

  public void testAVectorIndexedAMomentAgoCounts() {
    createIndices("default");
    indexBooks();
    client()
        .prepareIndex("readers")
        .setId("new")
        .setSource(Map.of("taste", reader))
        .setRefreshPolicy(WriteRequest.RefreshPolicy.NONE)
        .get();
    SearchResponse response =
        prepareSearch().setQuery(nearest(document("new", null), 5, false, null)).setSize(5).get();
    assertEquals(best(5), ids(response));
  }

  public void testAWordThatSomeShardsLackHasAPivot() {
    createIndices("default");
    indexBooks();
    indexReader();
    client()
        .prepareIndex("books")
        .setId("rare")
        .setSource(Map.of("title", "phoenix dragon", "taste", reader))
        .setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE)
        .get();
    for (String words : List.of("phoenix", "phoenix dragon", "nobodyhasthis", "dragon nobody")) {
      BlendQueryBuilder query = blend("title", words, document("ann", null), 0.5);
      int expected = words.contains("dragon") ? SIZE / 3 + 1 : words.equals("phoenix") ? 1 : 0;
      assertEquals(
          expected, prepareSearch().setQuery(query).get().getHits().getTotalHits().value());
    }
  }

  public void testNothingToBlendIsExactlyThePlainOrderOnEveryShard() {
    createIndices("default");
    indexBooks();
    indexReader();
    for (SearchType type : List.of(SearchType.QUERY_THEN_FETCH, SearchType.DFS_QUERY_THEN_FETCH)) {
      MatchQueryBuilder plain = new MatchQueryBuilder("title", "dragon tale");
      List<String> expected =
          ids(
              prepareSearch()
                  .setSearchType(type)
                  .setPreference("_primary")
                  .setQuery(plain)
                  .setSize(SIZE)
                  .get());
      assertEquals(SIZE, expected.size());
      for (VectorReference from : List.of(document("stranger", null), document("ann", null))) {
        double weight = from.equals(document("ann", null)) ? 0 : 0.5;
        BlendQueryBuilder blend =
            new BlendQueryBuilder(
                plain,
                RelevanceClause.DEFAULT,
                List.of(new AffinityClause("taste", from, weight, null, 0)),
                List.of(),
                null,
                false,
                null,
                Precision.EXACT);
        assertEquals(
            expected,
            ids(
                prepareSearch()
                    .setSearchType(type)
                    .setPreference("_primary")
                    .setQuery(blend)
                    .setSize(SIZE)
                    .get()));
      }
    }
  }

  public void testAFieldAliasIsTheField() {
    createIndices("default");
    indexBooks();
    indexReader();
    client()
        .admin()
        .indices()
        .preparePutMapping("books")
        .setSource(
            "{\"properties\": {\"alias\": {\"type\": \"alias\", \"path\": \"taste\"}}}",
            org.opensearch.common.xcontent.XContentType.JSON)
        .get();
    VectorReference from = new DocumentReference("readers", "ann", null, "taste", Missing.ERROR);
    NearestQueryBuilder nearest =
        new NearestQueryBuilder(
            "alias", from, new Extent(5, null, null), SearchParameters.DEFAULT, null, false);
    assertEquals(best(5), ids(prepareSearch().setQuery(nearest).setSize(5).get()));
    BlendQueryBuilder byAlias = blend("title", "dragon", from, 0.5, "alias", null, false);
    BlendQueryBuilder byName = blend("title", "dragon", from, 0.5, "taste", null, false);
    assertEquals(
        ids(prepareSearch().setQuery(byName).get()), ids(prepareSearch().setQuery(byAlias).get()));
  }

  public void testRecallTakesAFilter() {
    createIndices("default");
    indexBooks();
    indexReader();
    RecallClause recall =
        new RecallClause(
            "taste", 3, QueryBuilders.termQuery("group", "g1"), MethodParameters.DEFAULT);
    BlendQueryBuilder query =
        blend("title", "nobodyhasthis", document("ann", null), 0.5, "taste", recall, false);
    SearchResponse response = prepareSearch().setQuery(query).setSize(100).get();
    List<String> expected =
        best(SIZE).stream().filter(id -> Integer.parseInt(id.substring(1)) % 4 == 1).toList();
    assertEquals("three a shard", 9, response.getHits().getTotalHits().value());
    assertTrue("by popularity as well", ids(response).containsAll(expected.subList(0, 3)));
    assertTrue("eligible only", expected.containsAll(ids(response)));
  }

  private Map<String, Float> scores(String preference) {
    SearchResponse response =
        prepareSearch()
            .setPreference(preference.equals("_primary") ? "_primary" : "_replica")
            .setQuery(blend(document("ann", null), 0.5))
            .setSize(SIZE)
            .get();
    Map<String, Float> scores = new TreeMap<>();
    for (SearchHit hit : response.getHits()) {
      scores.put(hit.getId(), hit.getScore());
    }
    return scores;
  }

  private static SearchResponse search(SearchSourceBuilder source) {
    return prepareSearch().setSource(source).get();
  }
}

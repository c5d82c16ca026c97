/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.affinity.ann.search.AnnSearchStrategy;
import org.affinity.ann.search.ScoreFunction;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.search.SearchPhaseExecutionException;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.search.SearchType;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.index.IndexNotFoundException;
import org.opensearch.index.query.MatchQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.plugins.Plugin;
import org.opensearch.search.SearchHit;
import org.opensearch.search.builder.SearchSourceBuilder;
import org.opensearch.search.fetch.subphase.highlight.HighlightBuilder;
import org.opensearch.search.sort.SortBuilders;
import org.opensearch.search.sort.SortOrder;
import org.opensearch.test.OpenSearchIntegTestCase;

/** Several nodes, shards and replicas: references, agreement of all paths, coexistence. */
@OpenSearchIntegTestCase.ClusterScope(numDataNodes = 2)
public class AffinityClusterTests extends OpenSearchIntegTestCase {

  private static final int DIMENSION = 4;
  private static final int SIZE = 120;

  private final Map<String, float[]> tastes = new TreeMap<>();
  private final float[] reader = {1, 0.5f, -0.3f, 0.2f};

  /** Stands in for the k-NN plugin's setting, which a node without that plugin does not know. */
  public static final class KnnSettingPlugin extends Plugin {
    @Override
    public List<Setting<?>> getSettings() {
      return List.of(Setting.boolSetting("index.knn", false, Setting.Property.IndexScope));
    }
  }

  @Override
  protected Collection<Class<? extends Plugin>> nodePlugins() {
    return List.of(AffinityPlugin.class, KnnSettingPlugin.class);
  }

  private void createIndices(String codec) {
    String taste =
        "\"taste\": {\"type\": \"embedding\", \"dimension\": 4, \"space_type\": \"cosinesimil\"}";
    assertAcked(
        prepareCreate("books")
            .setSettings(
                Settings.builder()
                    .put("index.affinity", true)
                    .put("index.codec", codec)
                    .put("index.number_of_shards", 3)
                    .put("index.number_of_replicas", 1))
            .setMapping(
                "{\"properties\": {\"title\": {\"type\": \"text\"}, \"group\": {\"type\":"
                    + " \"keyword\"}, \"popularity\": {\"type\": \"integer\"},"
                    + taste
                    + "}}"));
    assertAcked(
        prepareCreate("readers")
            .setSettings(Settings.builder().put("index.affinity", true))
            .setMapping("{\"properties\": {" + taste + "}}"));
  }

  private static void assertAcked(
      org.opensearch.action.admin.indices.create.CreateIndexRequestBuilder create) {
    assertTrue(create.get().isAcknowledged());
  }

  private void indexBooks() {
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < SIZE; i++) {
      float[] taste = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        taste[d] = randomFloat() - 0.5f;
      }
      Map<String, Object> book = new HashMap<>();
      book.put("title", (i % 3 == 0 ? "dragon " : "garden ") + "tale ".repeat(1 + i % 7));
      book.put("group", "g" + i % 4);
      book.put("popularity", i);
      if (i % 10 != 9) {
        book.put("taste", taste);
        tastes.put("b" + i, taste);
      }
      bulk.add(client().prepareIndex("books").setId("b" + i).setSource(book));
    }
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
  }

  private void indexReader() {
    client().prepareIndex("readers").setId("ann").setSource(Map.of("taste", reader)).get();
    client().prepareIndex("readers").setId("nobody").setSource(Map.of("name", "x")).get();
  }

  private static VectorReference document(String id, VectorReference.Missing missing) {
    return new VectorReference.Document("readers", id, null, null, missing);
  }

  private static NearestQueryBuilder nearest(
      VectorReference from, int k, boolean exact, QueryBuilder filter) {
    return new NearestQueryBuilder(
        "taste",
        from,
        new Extent(k, null, null),
        new AnnSearchStrategy(100, 3, exact),
        filter,
        false);
  }

  private static BlendQueryBuilder blend(VectorReference from, double weight) {
    return blend("title", "dragon", from, weight);
  }

  private static BlendQueryBuilder blend(
      String field, String words, VectorReference from, double weight) {
    return blend(field, words, from, weight, "taste", null, false);
  }

  private static BlendQueryBuilder blend(
      String field,
      String words,
      VectorReference from,
      double weight,
      String taste,
      RecallClause recall,
      boolean ignoreUnmapped) {
    return new BlendQueryBuilder(
        new MatchQueryBuilder(field, words),
        RelevanceClause.DEFAULT,
        List.of(new AffinityClause(taste, from, weight, null, 0)),
        List.of(new PriorClause("popularity", 0.1, new ScoreFunction.Log(200), 0)),
        recall,
        ignoreUnmapped);
  }

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

  private List<String> best(int k) {
    return tastes.entrySet().stream()
        .sorted(
            Comparator.comparingDouble(
                entry -> -SpaceType.COSINESIMIL.space().signal(reader, entry.getValue())))
        .limit(k)
        .map(Map.Entry::getKey)
        .toList();
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

  private static SearchResponse search(SearchSourceBuilder source) {
    return prepareSearch().setSource(source).get();
  }

  public void testUnknownReaderIsNeutralAndCanBeAnError() {
    createIndices("default");
    indexBooks();
    indexReader();
    for (String id : List.of("stranger", "nobody")) {
      SearchResponse neutral = prepareSearch().setQuery(blend(document(id, null), 0.5)).get();
      SearchResponse weightless = prepareSearch().setQuery(blend(document("ann", null), 0)).get();
      assertEquals(ids(weightless), ids(neutral));
      assertTrue(neutral.getHits().getTotalHits().value() > 0);
      Exception e =
          expectThrows(
              Exception.class,
              () ->
                  prepareSearch()
                      .setQuery(blend(document(id, VectorReference.Missing.ERROR), 0.5))
                      .get());
      assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
      assertThat(e.getMessage(), containsString("document [readers/" + id + "]"));
    }
    expectThrows(
        IndexNotFoundException.class,
        () ->
            prepareSearch()
                .setQuery(blend(new VectorReference.Document("no", "1", null, null, null), 0.5))
                .get());
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

  public void testAffinityAndKnnOnOneIndexAreRefused() {
    Exception e =
        expectThrows(
            Exception.class,
            () ->
                prepareCreate("both")
                    .setSettings(
                        Settings.builder().put("index.affinity", true).put("index.knn", true))
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.getMessage(), containsString("Remove [index.knn]"));
  }

  public void testEmbeddingNeedsTheIndexSetting() {
    Exception e =
        expectThrows(
            Exception.class,
            () ->
                prepareCreate("plain")
                    .setMapping(
                        "{\"properties\": {\"v\": {\"type\": \"embedding\", \"dimension\": 2}}}")
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.getMessage(), containsString("[index.affinity: true]"));
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
                false);
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
    VectorReference from =
        new VectorReference.Document(
            "readers", "ann", null, "taste", VectorReference.Missing.ERROR);
    NearestQueryBuilder nearest =
        new NearestQueryBuilder(
            "alias", from, new Extent(5, null, null), AnnSearchStrategy.DEFAULT, null, false);
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
    RecallClause recall = new RecallClause("taste", 3, QueryBuilders.termQuery("group", "g1"));
    BlendQueryBuilder query =
        blend("title", "nobodyhasthis", document("ann", null), 0.5, "taste", recall, false);
    SearchResponse response = prepareSearch().setQuery(query).setSize(100).get();
    List<String> expected =
        best(SIZE).stream().filter(id -> Integer.parseInt(id.substring(1)) % 4 == 1).toList();
    assertEquals("three a shard", 9, response.getHits().getTotalHits().value());
    assertEquals(expected.subList(0, 3), ids(response).subList(0, 3));
  }

  public void testIgnoreUnmappedSpansIndicesWithoutTheField() {
    createIndices("default");
    indexBooks();
    indexReader();
    client()
        .prepareIndex("plain")
        .setId("p")
        .setSource(Map.of("title", "dragon"))
        .setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE)
        .get();
    BlendQueryBuilder query =
        blend("title", "dragon", document("ann", null), 0.5, "taste", null, true);
    SearchResponse response = client().prepareSearch("books", "plain").setQuery(query).get();
    assertEquals(0, response.getFailedShards());
    assertEquals(SIZE / 3 + 1, response.getHits().getTotalHits().value());
  }

  public void testNullInAReferencedVectorIsABadRequest() {
    createIndices("default");
    indexBooks();
    client()
        .prepareIndex("other")
        .setId("1")
        .setSource(
            "{\"a\": {\"taste\": [1, null, 3, 4, 5]}}",
            org.opensearch.common.xcontent.XContentType.JSON)
        .get();
    VectorReference from = new VectorReference.Document("other", "1", null, "a.taste", null);
    Exception e =
        expectThrows(Exception.class, () -> prepareSearch().setQuery(blend(from, 1)).get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.toString(), containsString("[null] at position [1]"));
  }

  public void testNestedFieldsAreSearchedInsideNestedOnly() {
    assertAcked(
        prepareCreate("shelves")
            .setSettings(Settings.builder().put("index.affinity", true))
            .setMapping(
                "{\"properties\": {\"books\": {\"type\": \"nested\", \"properties\":"
                    + " {\"taste\": {\"type\": \"embedding\", \"dimension\": 2}}}}}"));
    client()
        .prepareIndex("shelves")
        .setId("1")
        .setSource(
            "{\"books\": [{\"taste\": [1, 2]}, {\"taste\": [3, 4]}]}",
            org.opensearch.common.xcontent.XContentType.JSON)
        .setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE)
        .get();
    NearestQueryBuilder nearest =
        new NearestQueryBuilder(
            "books.taste",
            NearestQueryBuilderTests.given(1, 2),
            new Extent(1, null, null),
            AnnSearchStrategy.DEFAULT,
            null,
            false);
    Exception e =
        expectThrows(
            Exception.class, () -> client().prepareSearch("shelves").setQuery(nearest).get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.toString(), containsString("[nested] query with [path: books]"));
    SearchResponse response =
        client()
            .prepareSearch("shelves")
            .setQuery(
                QueryBuilders.nestedQuery(
                    "books", nearest, org.apache.lucene.search.join.ScoreMode.Max))
            .get();
    assertEquals(1f, response.getHits().getAt(0).getScore(), 0);
  }

  public void testWrongDimensionOfAReferenceIsABadRequest() {
    createIndices("default");
    indexBooks();
    client().prepareIndex("other").setId("1").setSource(Map.of("taste", List.of(1, 2))).get();
    SearchPhaseExecutionException e =
        expectThrows(
            SearchPhaseExecutionException.class,
            () ->
                prepareSearch()
                    .setQuery(
                        blend(new VectorReference.Document("other", "1", null, null, null), 1))
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, e.status());
    assertThat(e.toString(), containsString("field [taste] of document [other/1] has [2] values"));
  }

  /** Global statistics: without them scores are each shard's own, and the test client picks. */
  private static SearchRequestBuilder prepareSearch() {
    return client().prepareSearch("books").setSearchType(SearchType.DFS_QUERY_THEN_FETCH);
  }

  private static List<String> ids(SearchResponse response) {
    return Arrays.stream(response.getHits().getHits()).map(SearchHit::getId).toList();
  }
}

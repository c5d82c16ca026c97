/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.affinity.ann.search.Precision;
import org.affinity.ann.search.ScoreFunction;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.query.ConstantScoreQueryBuilder;
import org.opensearch.index.query.MatchQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.search.SearchHit;
import org.opensearch.test.OpenSearchIntegTestCase;

/**
 * Over shards, replicas, restarts and objects a blend's score is the formula's, to the last bit.
 * Relevance is a constant where the oracle is to know it; the rest of the formula is its own.
 */
@OpenSearchIntegTestCase.ClusterScope(scope = OpenSearchIntegTestCase.Scope.TEST, numDataNodes = 2)
public class BlendExactnessClusterTests extends AffinityClusterTestCase {

  private static final float RELEVANCE = 1.5f;

  public void testScoresAreTheFormulaWhateverThePageAndThePath() {
    createIndices("default");
    indexBooks();
    indexReader();
    ensureGreen("books");
    Map<String, Float> expected = expected();
    for (String preference : List.of("_primary", "_replica")) {
      assertEquals(expected, scores(search(known()).setPreference(preference)));
    }
    List<String> ranking =
        expected.entrySet().stream()
            .sorted(Map.Entry.<String, Float>comparingByValue().reversed())
            .map(Map.Entry::getKey)
            .toList();
    for (int size : new int[] {1, 3, 10}) {
      SearchResponse page =
          search(known()).setSize(size).setFrom(size).setTrackTotalHits(false).get();
      for (int i = 0; i < size; i++) {
        SearchHit hit = page.getHits().getAt(i);
        assertEquals(expected.get(hit.getId()), hit.getScore(), 0);
        assertEquals(expected.get(ranking.get(size + i)), hit.getScore(), 0);
      }
    }
    QueryBuilder filtered =
        QueryBuilders.boolQuery().must(known()).filter(QueryBuilders.termQuery("group", "g0"));
    Map<String, Float> some = new TreeMap<>(expected);
    some.keySet().removeIf(id -> Integer.parseInt(id.substring(1)) % 4 != 0);
    assertEquals(some, scores(search(filtered)));
    SearchResponse profiled = search(known()).setProfile(true).setSize(5).get();
    assertFalse(profiled.getProfileResults().isEmpty());
    for (SearchHit hit : profiled.getHits()) {
      assertEquals(expected.get(hit.getId()), hit.getScore(), 0);
    }
    for (Precision precision : Precision.values()) {
      // Segments this small have no codes.
      assertEquals(expected, scores(search(known(precision))));
    }
  }

  public void testConcurrentSegmentSearchChangesNoBit() {
    createIndices("default");
    indexBooks();
    indexReader();
    Map<String, Float> before = scores(search(relevant()));
    assertEquals(SIZE / 3, before.size());
    client()
        .admin()
        .indices()
        .prepareUpdateSettings("books")
        .setSettings(
            Settings.builder()
                .put("index.search.concurrent_segment_search.mode", "all")
                .put("index.search.concurrent.max_slice_count", 3))
        .get();
    assertEquals(before, scores(search(relevant())));
  }

  public void testARestartAndAPromotedReplicaChangeNoBit() throws Exception {
    createIndices("default");
    indexBooks();
    indexReader();
    ensureGreen("books", "readers");
    flush("books", "readers");
    Map<String, Float> before = scores(search(relevant()).setPreference("_primary"));
    internalCluster().fullRestart();
    ensureGreen("books", "readers");
    assertEquals(before, scores(search(relevant()).setPreference("_primary")));
    internalCluster().stopRandomDataNode();
    ensureYellow("books");
    assertBusy(() -> assertEquals(before, scores(search(relevant()).setPreference("_primary"))));
  }

  public void testTheBestOfNestedObjectsHasTheFormulasScore() {
    assertAcked(
        prepareCreate("pages")
            .setSettings(Settings.builder().put("index.affinity", true))
            .setMapping(
                "{\"properties\": {\"parts\": {\"type\": \"nested\", \"properties\": {\"taste\":"
                    + " {\"type\": \"embedding\", \"dimension\": 4, \"space_type\":"
                    + " \"cosinesimil\"}}}}}"));
    BulkRequestBuilder bulk = client().prepareBulk();
    Map<String, Float> expected = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      List<Map<String, Object>> parts = new ArrayList<>();
      float best = 0;
      for (int p = 0; p <= i % 3; p++) {
        float[] taste = {randomFloat() - 0.5f, 1, randomFloat(), randomFloat() - 0.5f};
        parts.add(Map.of("taste", taste));
        best = Math.max(best, formula(taste, 0));
      }
      expected.put("p" + i, best);
      bulk.add(client().prepareIndex("pages").setId("p" + i).setSource(Map.of("parts", parts)));
    }
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
    BlendQueryBuilder blend =
        new BlendQueryBuilder(
            QueryBuilders.matchAllQuery().boost(RELEVANCE),
            new RelevanceClause(1, new ScoreFunction.Saturation(1)),
            List.of(
                new AffinityClause(
                    "parts.taste", AffinityQueryTestCase.given(reader), 0.7, null, 0)),
            List.of(),
            null,
            false,
            null,
            Precision.EXACT);
    SearchRequestBuilder search =
        client()
            .prepareSearch("pages")
            .setQuery(
                QueryBuilders.nestedQuery(
                    "parts", blend, org.apache.lucene.search.join.ScoreMode.Max))
            .setSize(100);
    assertEquals(expected, scores(search));
  }

  /** Relevance is {@link #RELEVANCE}, the affinity's own function that of a cosine. */
  private float formula(float[] taste, double others) {
    double relevance = RELEVANCE / (RELEVANCE + 1.0);
    double affinity =
        taste == null
            ? 0.7 * 0.25
            : 0.7
                * new ScoreFunction.Rescale()
                    .apply(SpaceType.COSINESIMIL.space().signal(reader, taste));
    return (float) (relevance + (affinity + others));
  }

  private Map<String, Float> expected() {
    Map<String, Float> expected = new TreeMap<>();
    for (int i = 0; i < SIZE; i += 3) {
      double popularity = 0.1 * new ScoreFunction.Log(200).apply(i);
      expected.put("b" + i, formula(tastes.get("b" + i), popularity));
    }
    return expected;
  }

  private static BlendQueryBuilder known() {
    return known(Precision.EXACT);
  }

  private static BlendQueryBuilder known(Precision precision) {
    return blended(
        new ConstantScoreQueryBuilder(new MatchQueryBuilder("title", "dragon")).boost(RELEVANCE),
        new ScoreFunction.Saturation(1),
        precision);
  }

  private static BlendQueryBuilder relevant() {
    return blended(
        new MatchQueryBuilder("title", "dragon"),
        new ScoreFunction.AutoSaturation(),
        Precision.EXACT);
  }

  private static BlendQueryBuilder blended(
      QueryBuilder query, ScoreFunction function, Precision precision) {
    return new BlendQueryBuilder(
        query,
        new RelevanceClause(1, function),
        List.of(new AffinityClause("taste", document("ann", null), 0.7, null, 0.25)),
        List.of(new PriorClause("popularity", 0.1, new ScoreFunction.Log(200), 0)),
        null,
        false,
        null,
        precision);
  }

  private static SearchRequestBuilder search(QueryBuilder query) {
    return prepareSearch().setQuery(query).setSize(SIZE);
  }

  private static Map<String, Float> scores(SearchRequestBuilder search) {
    SearchResponse response = search.get();
    assertEquals(response.toString(), 0, response.getFailedShards());
    Map<String, Float> scores = new TreeMap<>();
    response.getHits().forEach(hit -> scores.put(hit.getId(), hit.getScore()));
    return scores;
  }
}

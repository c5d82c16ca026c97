/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.search.SearchType;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.index.query.MatchQueryBuilder;
import org.opensearch.search.SearchHit;
import org.opensearch.search.rescore.QueryRescorerBuilder;
import org.opensearch.search.rescore.RescorerBuilder;
import org.opensearch.test.OpenSearchIntegTestCase;

/** {@code diversify} over shards and replicas, and with what searches use. */
@OpenSearchIntegTestCase.ClusterScope(numDataNodes = 2)
public class DiversifyClusterTests extends AffinityClusterTestCase {

  private static final MatchQueryBuilder DRAGON = new MatchQueryBuilder("title", "dragon");

  private static RescorerBuilder<?> diversify(double lambda, Integer window, int windowSize) {
    return new DiversifyRescorerBuilder("taste", lambda, window, false).windowSize(windowSize);
  }

  /** Without ties, which fall as segments do. */
  private SearchRequestBuilder search() {
    return prepareSearch()
        .setPreference("_primary")
        .setQuery(blend(AffinityQueryTestCase.given(reader), 0.5))
        .setSize(SIZE);
  }

  private void createBooks() {
    createIndices("default");
    indexBooks();
  }

  public void testKeepsHitsAndScoresByPlace() {
    createBooks();
    SearchResponse plain = search().get();
    assertEquals(SIZE / 3, plain.getHits().getHits().length);
    for (double lambda : new double[] {0, 0.3, 0.8}) {
      SearchResponse found = search().setRescorer(diversify(lambda, null, SIZE)).get();
      Set<String> ids = new HashSet<>(ids(found));
      assertEquals(new HashSet<>(ids(plain)), ids);
      assertEquals("each once", ids.size(), ids(found).size());
      assertNotEquals(ids(plain), ids(found));
      assertEquals(ids(plain).get(0), ids(found).get(0));
      assertEquals(scores(plain), scores(found));
      assertEquals(plain.getHits().getMaxScore(), found.getHits().getMaxScore(), 0);
    }
    SearchResponse same = search().setRescorer(diversify(1, null, SIZE)).get();
    assertEquals(ids(plain), ids(same));
    assertEquals(scores(plain), scores(same));
  }

  public void testEveryShardIsBruteForce() {
    createBooks();
    for (int shard = 0; shard < 3; shard++) {
      SearchResponse plain = search().setPreference("_shards:" + shard + "|_primary").get();
      int windowSize = randomIntBetween(1, 15);
      int window = randomIntBetween(1, windowSize);
      double lambda = 0.25;
      SearchResponse found =
          search()
              .setPreference("_shards:" + shard + "|_primary")
              .setRescorer(diversify(lambda, window, windowSize))
              .get();
      List<SearchHit> left = new ArrayList<>(Arrays.asList(plain.getHits().getHits()));
      List<SearchHit> beyond =
          new ArrayList<>(left.subList(Math.min(windowSize, left.size()), left.size()));
      left.removeAll(beyond);
      List<String> expected = new ArrayList<>();
      while (expected.size() < window && !left.isEmpty()) {
        SearchHit best = left.get(0);
        for (SearchHit hit : left) {
          if (value(hit, plain, lambda, expected) > value(best, plain, lambda, expected)) {
            best = hit;
          }
        }
        left.remove(best);
        expected.add(best.getId());
      }
      left.forEach(hit -> expected.add(hit.getId()));
      beyond.forEach(hit -> expected.add(hit.getId()));
      assertEquals(expected, ids(found));
    }
  }

  private double value(SearchHit hit, SearchResponse plain, double lambda, List<String> before) {
    double likeness = 0;
    for (String other : before) {
      if (tastes.containsKey(hit.getId()) && tastes.containsKey(other)) {
        likeness =
            Math.max(
                likeness,
                SpaceType.COSINESIMIL.space().signal(tastes.get(hit.getId()), tastes.get(other)));
      }
    }
    return lambda * hit.getScore() / plain.getHits().getMaxScore() - (1 - lambda) * likeness;
  }

  public void testPagesDoNotOverlap() {
    createBooks();
    // As deep a window as the deepest page, or each page would ask the shards for other hits.
    RescorerBuilder<?> rescorer = diversify(0.3, null, SIZE);
    SearchResponse all = search().setRescorer(rescorer).get();
    List<String> paged = new ArrayList<>();
    for (int from = 0; from < SIZE / 3; from += 7) {
      paged.addAll(ids(search().setFrom(from).setSize(7).setRescorer(rescorer).get()));
    }
    assertEquals(ids(all), paged);
  }

  public void testScoresAreTheSameOnAReplicaAndAfterAMerge() {
    createBooks();
    ensureGreen("books");
    RescorerBuilder<?> rescorer = diversify(0.5, 20, 40);
    Map<String, Float> before = byId(search().setRescorer(rescorer).get());
    assertEquals(before, byId(search().setPreference("_replica").setRescorer(rescorer).get()));
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    refresh("books");
    assertEquals(before, byId(search().setRescorer(rescorer).get()));
  }

  public void testExplainTellsThePlaceAndWhatTheHitCameWith() {
    createBooks();
    SearchResponse plain = search().setPreference("_shards:0|_primary").get();
    SearchResponse found =
        search()
            .setPreference("_shards:0|_primary")
            .setSearchType(SearchType.QUERY_THEN_FETCH)
            .setExplain(true)
            .setRescorer(diversify(0.5, 3, 6))
            .get();
    Map<String, Float> own = byId(plain);
    for (int i = 0; i < found.getHits().getHits().length; i++) {
      SearchHit hit = found.getHits().getAt(i);
      String text = hit.getExplanation().toString();
      if (i < 3) {
        assertEquals(hit.getScore(), hit.getExplanation().getValue().floatValue(), 0);
        assertThat(
            text, containsString("diversify [taste], lambda 0.5: the score of place " + (i + 1)));
      } else if (i < 6) {
        assertThat(text, containsString("the hit has the score of its place"));
      } else {
        assertFalse(text, text.contains("diversify"));
      }
      float came =
          i < 6
              ? hit.getExplanation().getDetails()[0].getValue().floatValue()
              : hit.getExplanation().getValue().floatValue();
      assertEquals(own.get(hit.getId()), came, 1e-6f);
    }
    Map<String, Float> ofAllShards = byId(search().get());
    for (SearchHit hit :
        search().setExplain(true).setRescorer(diversify(0.5, 3, 6)).get().getHits()) {
      assertEquals(
          "what it came with, on any number of shards",
          ofAllShards.get(hit.getId()),
          hit.getExplanation().getValue().floatValue(),
          1e-6f);
    }
  }

  public void testRunsAfterAnotherRescorer() {
    createBooks();
    RescorerBuilder<?> first =
        new QueryRescorerBuilder(new MatchQueryBuilder("title", "tale")).windowSize(SIZE);
    SearchResponse plain = search().setRescorer(first).get();
    SearchResponse found =
        search().setRescorer(first).addRescorer(diversify(0.3, null, SIZE)).get();
    assertEquals(scores(plain), scores(found));
    assertEquals(new HashSet<>(ids(plain)), new HashSet<>(ids(found)));
    assertNotEquals(ids(plain), ids(found));
  }

  public void testAnIndexWithoutTheFieldIsAnErrorOrLeftAlone() {
    createBooks();
    for (int i = 0; i < 5; i++) {
      client()
          .prepareIndex("plain")
          .setId("p" + i)
          .setSource(Map.of("title", "dragon"))
          .setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE)
          .get();
    }
    assertRefused(
        client().prepareSearch("plain").setRescorer(diversify(0.5, null, 10)),
        "[diversify] failed to find field [taste]");
    RescorerBuilder<?> lenient =
        new DiversifyRescorerBuilder("taste", 0.3, null, true).windowSize(SIZE);
    SearchRequestBuilder both =
        client()
            .prepareSearch("plain", "books")
            .setQuery(DRAGON)
            .setPreference("_primary")
            .setSize(SIZE);
    SearchResponse before = both.get();
    SearchResponse after = both.setRescorer(lenient).get();
    assertEquals(0, after.getFailedShards());
    assertEquals(scores(before), scores(after));
    assertEquals(SIZE / 3 + 5, after.getHits().getHits().length);
  }

  public void testWhatCannotWorkIsRefused() {
    createBooks();
    client()
        .admin()
        .indices()
        .preparePutMapping("books")
        .setSource(
            "{\"properties\": {\"passages\": {\"type\": \"nested\", \"properties\": {\"meaning\":"
                + " {\"type\": \"embedding\", \"dimension\": 2}}}}}",
            org.opensearch.common.xcontent.XContentType.JSON)
        .get();
    assertRefused(
        search()
            .setRescorer(
                new DiversifyRescorerBuilder("passages.meaning", 0.5, null, false).windowSize(5)),
        "it is in [nested] objects with [path: passages]");
    assertRefused(
        search().setRescorer(new DiversifyRescorerBuilder("title", 0.5, null, false)),
        "[diversify] needs a field of type [embedding]; [title] is of type [text]");
    assertRefused(
        search().setRescorer(diversify(0.5, null, 1001)), "[index.affinity.diversify.max_window]");
    assertRefused(search().setRescorer(diversify(0.5, 20, 10)), "must not exceed");
    assertRefused(
        search()
            .setRescorer(diversify(0.5, null, 10))
            .addSort("popularity", org.opensearch.search.sort.SortOrder.ASC),
        "Cannot use [sort] option in conjunction with [rescore]");
    client()
        .admin()
        .indices()
        .prepareUpdateSettings("books")
        .setSettings(Settings.builder().put("index.affinity.diversify.max_window", 2000))
        .get();
    assertEquals(
        SIZE / 3,
        search().setRescorer(diversify(0.5, null, 1001)).get().getHits().getHits().length);
  }

  public void testTheEncoderMakesNoDifference() {
    Map<String, String> methods =
        Map.of(
            "raw", "\"flat\", \"parameters\": {\"encoder\": {\"name\": \"none\"}}",
            "graph", "\"hnsw\", \"parameters\": {\"encoder\": {\"name\": \"pq\"}}",
            "lists", "\"ivf\"",
            "sq", "\"flat\", \"parameters\": {\"encoder\": {\"name\": \"sq\"}}",
            "binary", "\"hnsw\", \"parameters\": {\"encoder\": {\"name\": \"binary\"}}");
    StringBuilder fields = new StringBuilder();
    methods.forEach(
        (name, method) ->
            fields.append(
                ",\"%s\": {\"type\": \"embedding\", \"dimension\": 4, \"method\": {\"name\": %s}}"
                    .formatted(name, method)));
    assertAcked(
        prepareCreate("encoded")
            .setSettings(Settings.builder().put("index.affinity", true))
            .setMapping("{\"properties\": {" + fields.substring(1) + "}}"));
    for (int i = 0; i < 60; i++) {
      float[] vector = {randomFloat(), randomFloat(), -randomFloat(), randomFloat()};
      Map<String, Object> document = new TreeMap<>();
      methods.keySet().forEach(name -> document.put(name, vector));
      document.put("title", "dragon " + "tale ".repeat(i % 9));
      client().prepareIndex("encoded").setId("e" + i).setSource(document).get();
    }
    refresh("encoded");
    Set<List<String>> orders = new HashSet<>();
    for (String name : methods.keySet()) {
      SearchRequestBuilder search =
          client()
              .prepareSearch("encoded")
              .setSearchType(SearchType.QUERY_THEN_FETCH)
              .setPreference("_primary")
              .setQuery(
                  blend(
                      "title",
                      "dragon",
                      AffinityQueryTestCase.given(reader),
                      0.5,
                      "raw",
                      null,
                      true))
              .setSize(60)
              .setRescorer(new DiversifyRescorerBuilder(name, 0.4, null, false).windowSize(60));
      orders.add(ids(search.get()));
    }
    assertEquals(orders.toString(), 1, orders.size());
    assertEquals(60, orders.iterator().next().size());
  }

  private static void assertRefused(SearchRequestBuilder search, String words) {
    Exception e = expectThrows(Exception.class, search::get);
    assertEquals(e.toString(), RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      messages.append(cause.getMessage()).append('\n');
    }
    assertThat(messages.toString() + e, containsString(words));
  }

  private static List<Float> scores(SearchResponse response) {
    return Arrays.stream(response.getHits().getHits()).map(SearchHit::getScore).toList();
  }

  private static Map<String, Float> byId(SearchResponse response) {
    Map<String, Float> scores = new TreeMap<>();
    response.getHits().forEach(hit -> scores.put(hit.getId(), hit.getScore()));
    return scores;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.affinity.ann.search.VectorSpace;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.search.SearchType;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.search.SearchHit;

/** Blends of many parts on several shards, as JSON, against the formula over the documents. */
public class BlendClusterTests extends AffinityClusterTestCase {

  private static final Instant ORIGIN = Instant.parse("2026-01-31T00:00:00Z");

  private static final float[] TASTE = {1, 0.5f, -0.3f, 0.2f};
  private static final float[] SESSION = {-0.2f, 1, 0.1f, 0.4f};
  private static final float[] LOOK = {0.3f, -1, 2};
  private static final float[] PLACE = {0.5f, 0.25f};

  /** A document; what is null it does not have. */
  private record Book(
      float[] taste,
      float[] look,
      float[] place,
      Integer popularity,
      Integer ratings,
      Integer age) {}

  private final Map<String, Book> books = new TreeMap<>();

  @Override
  public void setUp() throws Exception {
    super.setUp();
    assertAcked(
        prepareCreate("shop")
            .setSettings(
                Settings.builder()
                    .put("index.affinity", true)
                    .put("index.number_of_shards", 3)
                    .put("index.number_of_replicas", 0))
            .setMapping(
                "{\"properties\": {\"title\": {\"type\": \"text\"}, \"group\": {\"type\":"
                    + " \"keyword\"}, \"popularity\": {\"type\": \"integer\"}, \"ratings\":"
                    + " {\"type\": \"integer\"}, \"published\": {\"type\": \"date\"}, \"taste\":"
                    + " {\"type\": \"embedding\", \"dimension\": 4, \"space_type\":"
                    + " \"cosinesimil\"}, \"look\": {\"type\": \"embedding\", \"dimension\": 3,"
                    + " \"space_type\": \"innerproduct\"}, \"place\": {\"type\": \"embedding\","
                    + " \"dimension\": 2, \"space_type\": \"l2\"}}}"));
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < 120; i++) {
      Book book =
          new Book(
              rarely() ? null : randomVector(4),
              rarely() ? null : randomVector(3),
              rarely() ? null : randomVector(2),
              rarely() ? null : randomInt(500),
              rarely() ? null : randomIntBetween(-5, 40),
              rarely() ? null : randomIntBetween(-100, 400));
      Map<String, Object> source = new HashMap<>();
      source.put("title", "tale ".repeat(1 + i % 7) + (i % 3 == 0 ? "dragon " : "garden "));
      source.put("group", "g" + i % 4);
      put(source, "taste", book.taste());
      put(source, "look", book.look());
      put(source, "place", book.place());
      put(source, "popularity", book.popularity());
      put(source, "ratings", book.ratings());
      if (book.age() != null) {
        Instant published = ORIGIN.minus(book.age(), ChronoUnit.DAYS);
        // Of several dates the nearest to the origin counts.
        source.put(
            "published",
            randomBoolean() ? published : List.of("1900-01-01", published, "2200-12-31"));
      }
      books.put("b" + i, book);
      bulk.add(client().prepareIndex("shop").setId("b" + i).setSource(source));
    }
    bulk.add(client().prepareIndex("people").setId("ann").setSource(Map.of("taste", TASTE)));
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
  }

  private static float[] randomVector(int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = randomFloat() * 2 - 1;
    }
    return vector;
  }

  private static void put(Map<String, Object> source, String field, Object value) {
    if (value != null) {
      source.put(field, value);
    }
  }

  private static SearchRequestBuilder prepare(String json) {
    return client()
        .prepareSearch("shop")
        .setSearchType(SearchType.DFS_QUERY_THEN_FETCH)
        .setQuery(QueryBuilders.wrapperQuery(json.replace('\'', '"')))
        .setSize(200);
  }

  private static Map<String, Float> scores(String json) {
    Map<String, Float> scores = new HashMap<>();
    for (SearchHit hit : prepare(json).get().getHits()) {
      scores.put(hit.getId(), hit.getScore());
    }
    return scores;
  }

  private static String vector(float[] vector) {
    return "'vector': " + Arrays.toString(vector);
  }

  public void testManyPartsAddUpToTheFormula() {
    String query = "{'match': {'title': 'tale'}}";
    Map<String, Float> relevance = scores(query);
    assertEquals(120, relevance.size());
    Map<String, Float> found =
        scores(
            "{'blend': {'query': "
                + query
                + ", 'relevance': {'weight': 0.9, 'function': {'saturation': {'pivot': 0.5}}},"
                + " 'affinities': [{'field': 'taste', 'weight': 0.5, 'missing': 0.2, 'from':"
                + " {'document': {'index': 'people', 'id': 'ann'}},"
                + " 'confidence': {'evidence_field': 'ratings', 'k': 5}},"
                + " {'field': 'taste', 'weight': 0.25, 'function': {'sigmoid': {'scale': 3}},"
                + " 'confidence': {'k': 3}, "
                + vector(SESSION)
                + "}, {'field': 'look', 'weight': 0.4, 'function': {'sigmoid': {'scale': 0.7}}, "
                + vector(LOOK)
                + "}, {'field': 'place', 'weight': 0.3, "
                + vector(PLACE)
                + "}], 'priors': ["
                + "{'field': 'popularity', 'weight': 0.2, 'function': {'saturation': {'pivot': 90}},"
                + " 'confidence': {'evidence_field': 'ratings', 'k': 2.5}},"
                + "{'field': 'published', 'weight': 0.35, 'missing': 0.1, 'function': {'gauss':"
                + " {'origin': '2026-01-31', 'scale': '60d', 'offset': '7d', 'decay': 0.4}}},"
                + "{'field': 'published', 'weight': 0.15, 'function': {'exp': {'origin':"
                + " '2026-02-15||-15d', 'scale': '30d'}}},"
                + "{'field': 'ratings', 'weight': 0.1, 'function': {'linear_decay': {'origin': 10,"
                + " 'scale': 8, 'offset': 2}}}]}}");
    assertEquals(relevance.keySet(), found.keySet());
    for (Map.Entry<String, Book> entry : books.entrySet()) {
      Book book = entry.getValue();
      double s = relevance.get(entry.getKey());
      double expected = 0.9 * s / (s + 0.5);
      double n = book.ratings() == null ? 0 : Math.max(0, book.ratings());
      expected +=
          0.5
              * (n / (n + 5))
              * (book.taste() == null
                  ? 0.2
                  : (1 + VectorSpace.COSINE.signal(TASTE, book.taste())) / 2);
      expected +=
          0.25
              * (1 / (1 + 3.0))
              * (book.taste() == null
                  ? 0
                  : sigmoid(3 * VectorSpace.COSINE.signal(SESSION, book.taste())));
      expected +=
          book.look() == null
              ? 0
              : 0.4 * sigmoid(0.7 * VectorSpace.INNER_PRODUCT.signal(LOOK, book.look()));
      expected += book.place() == null ? 0 : 0.3 / (1 + VectorSpace.L2.signal(PLACE, book.place()));
      expected +=
          book.popularity() == null
              ? 0
              : 0.2 * (n / (n + 2.5)) * (book.popularity() / (book.popularity() + 90.0));
      double days = book.age() == null ? 0 : Math.abs(book.age());
      expected +=
          0.35 * (book.age() == null ? 0.1 : Math.pow(0.4, square(Math.max(0, days - 7) / 60)));
      expected += book.age() == null ? 0 : 0.15 * Math.pow(0.5, days / 30);
      expected +=
          book.ratings() == null
              ? 0
              : 0.1 * Math.max(0, 1 - 0.5 * Math.max(0, Math.abs(book.ratings() - 10) - 2) / 8.0);
      assertEquals(entry.toString(), expected, found.get(entry.getKey()), 1e-6 * expected);
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double square(double x) {
    return x * x;
  }

  public void testEachAffinityMayRecall() {
    String filter = "{'terms': {'group': ['g1', 'g2']}}";
    String taste = "{'nearest': {'taste': {" + vector(TASTE) + ", 'k': 3}}}";
    String session =
        "{'nearest': {'taste': {" + vector(SESSION) + ", 'k': 4, 'filter': " + filter + "}}}";
    String look = "{'nearest': {'look': {" + vector(LOOK) + ", 'k': 2}}}";
    Set<String> expected = new HashSet<>(scores(taste).keySet());
    assertEquals(9, expected.size());
    expected.addAll(scores(session).keySet());
    expected.addAll(scores(look).keySet());
    String blend =
        "{'blend': {'query': {'match': {'title': 'nobodyhasthis'}}, 'affinities': ["
            + "{'field': 'taste', "
            + vector(TASTE)
            + "}, {'field': 'taste', 'weight': 0, "
            + vector(SESSION)
            + ", 'recall': {'k': 4, 'filter': "
            + filter
            + "}}, {'field': 'look', "
            + vector(LOOK)
            + ", 'recall': {'k': 2}}, {'field': 'look', 'recall': {'k': 2}, 'from': {'document':"
            + " {'index': 'people', 'id': 'nobody'}}}], 'recall': {'field': 'taste', 'k': 3}}}";
    assertEquals(expected, scores(blend).keySet());
  }

  public void testNoOvertakingBeyondTheBoundOnSeveralShards() {
    String query = "{'match': {'title': 'dragon tale'}}";
    Map<String, Float> relevance = scores(query);
    for (double maxLoss : new double[] {0, 0.05, 0.3, 0.8}) {
      SearchResponse response =
          prepare(
                  "{'blend': {'max_loss': "
                      + maxLoss
                      + ", 'query': "
                      + query
                      + ", 'affinities': [{'field': 'taste', 'weight': 5, "
                      + vector(TASTE)
                      + "}], 'priors': [{'field': 'published', 'function': {'gauss': {'scale':"
                      + " '90d'}}}]}}")
              .get();
      double least = Double.POSITIVE_INFINITY;
      int reordered = 0;
      for (SearchHit hit : response.getHits()) {
        float mine = relevance.get(hit.getId());
        assertFalse(hit + " with " + mine + " below " + least, least < (1 - maxLoss) * mine);
        reordered += mine > least ? 1 : 0;
        least = Math.min(least, mine);
      }
      assertEquals(120, response.getHits().getHits().length);
      assertTrue("taste matters", maxLoss < 0.8 || reordered > 0);
      if (maxLoss == 0) {
        assertEquals(0, reordered);
        assertEquals(ids(prepare(query).get()), ids(response));
        assertEquals(relevance, scoresOf(response));
      }
    }
  }

  private static Map<String, Float> scoresOf(SearchResponse response) {
    Map<String, Float> scores = new HashMap<>();
    for (SearchHit hit : response.getHits()) {
      scores.put(hit.getId(), hit.getScore());
    }
    return scores;
  }

  public void testADecayFromNowIsTheSameOnEveryShard() {
    BulkRequestBuilder bulk = client().prepareBulk();
    Instant published = Instant.now().minus(3, ChronoUnit.DAYS);
    for (int i = 0; i < 20; i++) {
      bulk.add(
          client()
              .prepareIndex("shop")
              .setSource(Map.of("title", "phoenix", "published", published)));
    }
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
    Set<Float> different = new HashSet<>();
    List<String> functions = new ArrayList<>();
    for (SearchHit hit :
        prepare(
                "{'blend': {'query': {'constant_score': {'filter': {'match': {'title':"
                    + " 'phoenix'}}}}, 'priors': [{'field': 'published', 'function': {'exp':"
                    + " {'scale': '1s', 'offset': '3d'}}}]}}")
            .setExplain(true)
            .get()
            .getHits()) {
      different.add(hit.getScore());
      functions.add(
          hit.getExplanation().toString().replaceAll("(?s).*(0.5\\^[^ ]* .*?) / .*", "$1"));
    }
    assertEquals(20, functions.size());
    assertEquals(1, different.size());
    assertEquals(functions.toString(), 1, new HashSet<>(functions).size());
  }

  public void testUnmappedEvidenceIsNone() {
    client()
        .prepareIndex("plain")
        .setId("p")
        .setSource(Map.of("title", "dragon tale"))
        .setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE)
        .get();
    String blend =
        "{'blend': {'query': {'match': {'title': 'tale'}}, 'ignore_unmapped': true,"
            + " 'affinities': [{'field': 'taste', 'confidence': {'evidence_field': 'ratings', 'k':"
            + " 3}, "
            + vector(TASTE)
            + "}], 'priors': [{'field': 'published', 'function': {'gauss': {'scale': '9d'}}}]}}";
    SearchResponse response =
        client()
            .prepareSearch("shop", "plain")
            .setQuery(QueryBuilders.wrapperQuery(blend.replace('\'', '"')))
            .setSize(200)
            .get();
    assertEquals(0, response.getFailedShards());
    assertEquals(121, response.getHits().getTotalHits().value());
    float score = scoresOf(response).get("p");
    assertTrue("of the kind of the others: " + score, score > 0 && score < 1);
  }

  public void testBadInputIsABadRequest() {
    assertBadRequest("'max_loss': 1", "[max_loss] must be a number from 0 to below 1");
    assertBadRequest(
        "'priors': [{'field': 'published', 'function': {'gauss': {'scale': '0d'}}}]",
        "[gauss.scale] of field [published] of type [date] must be a length of time above 0");
    assertBadRequest(
        "'priors': [{'field': 'published', 'function': {'gauss': {'scale': '9x'}}}]",
        "must be a length of time such as [30d], got [9x]");
    assertBadRequest(
        "'priors': [{'field': 'published', 'function': {'gauss': {'origin': 'now-', 'scale':"
            + " '9d'}}}]",
        "must be a date such as [now-7d], got [now-]");
    assertBadRequest(
        "'priors': [{'field': 'popularity', 'function': {'exp': {'origin': 0, 'scale': 0}}}]",
        "[exp.scale] of field [popularity] of type [integer] must be a finite number above 0");
    assertBadRequest(
        "'priors': [{'field': 'popularity', 'function': {'tanh': {}}}]",
        "must be one of [exp, gauss, linear, linear_decay, log, saturation], got [tanh]");
    assertBadRequest(
        "'affinities': [{'field': 'taste', 'confidence': {'k': 0}, " + vector(TASTE) + "}]",
        "[confidence.k] must be a finite number above 0, got [0.0]");
    assertBadRequest(
        "'affinities': [{'field': 'taste', 'confidence': {'k': 1, 'evidence_field': 'title'}, "
            + vector(TASTE)
            + "}]",
        "[confidence.evidence_field] needs a numeric field with doc values; [title] is of type");
    assertBadRequest(
        "'max_loss': 0.2, 'affinities': [{'field': 'look', 'function': {'none': {}}, "
            + vector(LOOK)
            + "}]",
        "an inner product with [none] has none: give field [look] a [function]");
    assertBadRequest(
        "'affinities': [{'field': 'taste', 'weight': 'NaN', " + vector(TASTE) + "}]",
        "[affinities.weight] must be a number from 0");
  }

  private static void assertBadRequest(String options, String words) {
    String blend = "{'blend': {'query': {'match_all': {}}, " + options + "}}";
    Exception e = expectThrows(Exception.class, () -> prepare(blend).get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(ExceptionsHelper.stackTrace(e), containsString(words));
  }
}

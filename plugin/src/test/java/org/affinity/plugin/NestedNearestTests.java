/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.apache.lucene.search.join.ScoreMode;
import org.opensearch.action.search.SearchPhaseExecutionException;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.index.query.InnerHitBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.plugins.Plugin;
import org.opensearch.search.SearchHit;
import org.opensearch.test.OpenSearchSingleNodeTestCase;

/** Inside {@code nested}, k counts documents, and filters hold on their own levels. */
public class NestedNearestTests extends OpenSearchSingleNodeTestCase {

  private static final int SIZE = 250;
  private static final String MAPPING =
      """
      {"properties": {
        "genre": {"type": "keyword"}, "price": {"type": "integer"}, "note": {"type": "keyword"},
        "reviews": {"type": "nested", "properties": {"stars": {"type": "integer"}}},
        "chunks": {"type": "nested", "properties": {
          "lang": {"type": "keyword"},
          "v": {"type": "embedding", "dimension": 3, "space_type": "innerproduct"},
          "parts": {"type": "nested", "properties": {
            "w": {"type": "embedding", "dimension": 3}}}}}}}
      """;

  private record Chunk(int offset, String lang, float[] v, List<float[]> parts) {}

  private record Book(
      String id, String genre, int price, boolean note, List<Integer> stars, List<Chunk> chunks) {}

  private final Map<String, Book> books = new LinkedHashMap<>();
  private final float[] target = vector();

  @Override
  protected Collection<Class<? extends Plugin>> getPlugins() {
    return List.of(AffinityPlugin.class);
  }

  @Override
  public void setUp() throws Exception {
    super.setUp();
    createIndex("books", Settings.builder().put("index.affinity", true).build());
    client()
        .admin()
        .indices()
        .preparePutMapping("books")
        .setSource(MAPPING, MediaTypeRegistry.JSON)
        .get();
    for (int i = 0; i < SIZE; i++) {
      index(randomBook("b" + i));
      if (rarely()) {
        client().admin().indices().prepareRefresh("books").get();
      }
    }
    for (int i = 0; i < SIZE / 10; i++) {
      String id = "b" + randomInt(SIZE - 1);
      client().prepareDelete("books", id).get();
      books.remove(id);
    }
    client().admin().indices().prepareRefresh("books").get();
  }

  private static float[] vector() {
    return new float[] {randomFloat() - 0.5f, randomFloat() - 0.5f, randomFloat() - 0.5f};
  }

  private static Book randomBook(String id) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = randomInt(5); i > 0; i--) {
      List<float[]> parts = new ArrayList<>();
      for (int p = randomInt(2); p > 0; p--) {
        parts.add(vector());
      }
      chunks.add(
          new Chunk(chunks.size(), randomFrom("en", "fr"), rarely() ? null : vector(), parts));
    }
    List<Integer> stars = new ArrayList<>();
    for (int i = randomInt(2); i > 0; i--) {
      stars.add(1 + randomInt(4));
    }
    return new Book(id, "g" + randomInt(3), randomInt(99), randomBoolean(), stars, chunks);
  }

  private void index(Book book) throws Exception {
    index(book, null);
  }

  private void index(Book book, String routing) throws Exception {
    List<Map<String, Object>> chunks = new ArrayList<>();
    for (Chunk chunk : book.chunks()) {
      Map<String, Object> fields = new HashMap<>(Map.of("lang", chunk.lang()));
      if (chunk.v() != null) {
        fields.put("v", chunk.v());
      }
      fields.put("parts", chunk.parts().stream().map(w -> Map.of("w", w)).toList());
      chunks.add(fields);
    }
    Map<String, Object> source = new HashMap<>();
    source.put("genre", book.genre());
    source.put("price", book.price());
    if (book.note()) {
      source.put("note", "x");
    }
    source.put("reviews", book.stars().stream().map(s -> Map.of("stars", s)).toList());
    source.put("chunks", chunks);
    client()
        .prepareIndex("books")
        .setId(book.id())
        .setRouting(routing)
        .setSource(JsonXContent.contentBuilder().map(source))
        .setRefreshPolicy(WriteRequest.RefreshPolicy.NONE)
        .get();
    books.put(book.id(), book);
  }

  public void testKDocumentsWithEveryKindOfFilter() {
    BiPredicate<Book, Chunk> english = (book, chunk) -> chunk.lang().equals("en");
    BiPredicate<Book, Chunk> genre = (book, chunk) -> book.genre().equals("g1");
    BiPredicate<Book, Chunk> dear = (book, chunk) -> book.price() > 50;
    QueryBuilder lang = QueryBuilders.termQuery("chunks.lang", "en");
    QueryBuilder ofGenre = QueryBuilders.termQuery("genre", "g1");
    QueryBuilder isDear = QueryBuilders.rangeQuery("price").gt(50);
    assertFinds(null, (book, chunk) -> true);
    assertFinds(ofGenre, genre);
    assertFinds(isDear, dear);
    assertFinds(lang, english);
    assertFinds(QueryBuilders.nestedQuery("chunks", lang, ScoreMode.None), english);
    assertFinds(
        QueryBuilders.boolQuery().must(ofGenre).filter(lang).mustNot(isDear),
        english.and(genre).and(dear.negate()));
    assertFinds(
        QueryBuilders.boolQuery().should(ofGenre).should(lang).minimumShouldMatch(1),
        english.or(genre));
    assertFinds(QueryBuilders.boolQuery().mustNot(isDear), dear.negate());
    assertFinds(
        QueryBuilders.nestedQuery(
            "reviews", QueryBuilders.rangeQuery("reviews.stars").gte(4), ScoreMode.None),
        (book, chunk) -> book.stars().stream().anyMatch(stars -> stars >= 4));
    assertFinds(QueryBuilders.existsQuery("note"), (book, chunk) -> book.note());
    assertFinds(QueryBuilders.existsQuery("price"), (book, chunk) -> true);
    assertFinds(
        QueryBuilders.constantScoreQuery(QueryBuilders.termsQuery("genre", "g0", "g2")),
        (book, chunk) -> book.genre().equals("g0") || book.genre().equals("g2"));
    assertFinds(
        QueryBuilders.idsQuery().addIds("b1", "b2", "b3", "b4"),
        (book, chunk) -> List.of("b1", "b2", "b3", "b4").contains(book.id()));
    assertFinds(QueryBuilders.termQuery("genre", "none"), (book, chunk) -> false);
  }

  public void testFiltersOnFieldsThatObjectsDoNotHave() throws Exception {
    List<String> routed = List.copyOf(books.keySet()).subList(0, 40);
    for (String id : routed) {
      Book book = books.get(id);
      client().prepareDelete("books", id).get();
      index(book, "tenant");
    }
    client().admin().indices().prepareRefresh("books").get();
    QueryBuilder tenant = QueryBuilders.termQuery("_routing", "tenant");
    assertFinds(tenant, (book, chunk) -> routed.contains(book.id()));
    assertFinds(
        QueryBuilders.boolQuery()
            .filter(tenant)
            .filter(QueryBuilders.termQuery("chunks.lang", "en")),
        (book, chunk) -> routed.contains(book.id()) && chunk.lang().equals("en"));
  }

  public void testFiltersThatCannotBeTakenApartAreRefused() {
    QueryBuilder inside =
        QueryBuilders.nestedQuery(
            "chunks",
            QueryBuilders.nestedQuery(
                "chunks.parts", QueryBuilders.existsQuery("chunks.parts.w"), ScoreMode.None),
            ScoreMode.None);
    SearchPhaseExecutionException e =
        expectThrows(
            SearchPhaseExecutionException.class,
            () ->
                client()
                    .prepareSearch("books")
                    .setQuery(
                        QueryBuilders.nestedQuery(
                            "chunks.parts",
                            nearest(
                                "chunks.parts.w", target, new Extent(3, null, null), false, inside),
                            ScoreMode.Max))
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, e.status());
    assertThat(e.toString(), containsString("conditions on several levels in one part"));
  }

  private void assertFinds(QueryBuilder filter, BiPredicate<Book, Chunk> eligible) {
    for (int k : new int[] {1, 10, SIZE}) {
      for (boolean exact : new boolean[] {false, true}) {
        SearchResponse response =
            client()
                .prepareSearch("books")
                .setQuery(
                    QueryBuilders.nestedQuery("chunks", nearest(k, exact, filter), ScoreMode.Max)
                        .innerHit(new InnerHitBuilder()))
                .setSize(SIZE)
                .get();
        List<Map.Entry<Book, Chunk>> best = best(eligible, k);
        SearchHit[] hits = response.getHits().getHits();
        assertEquals(filter + " k " + k, best.size(), hits.length);
        for (int i = 0; i < hits.length; i++) {
          Map.Entry<Book, Chunk> expected = best.get(i);
          assertEquals(expected.getKey().id(), hits[i].getId());
          assertEquals(score(expected.getValue()), hits[i].getScore(), 0);
          SearchHit[] inner = hits[i].getInnerHits().get("chunks").getHits();
          assertEquals("the best one of them", 1, inner.length);
          assertEquals(expected.getValue().offset(), inner[0].getNestedIdentity().getOffset());
        }
      }
    }
  }

  private static NearestQueryBuilder nearest(
      String field, float[] vector, Extent extent, boolean exact, QueryBuilder filter) {
    return new NearestQueryBuilder(
        field,
        AffinityQueryTestCase.given(vector),
        extent,
        new SearchParameters(MethodParameters.DEFAULT, null, exact),
        filter,
        false);
  }

  private NearestQueryBuilder nearest(int k, boolean exact, QueryBuilder filter) {
    return nearest("chunks.v", target, new Extent(k, null, null), exact, filter);
  }

  private float score(Chunk chunk) {
    var space = SpaceType.INNERPRODUCT.space();
    return space.score(space.signal(target, chunk.v()));
  }

  private List<Map.Entry<Book, Chunk>> best(BiPredicate<Book, Chunk> eligible, int k) {
    List<Map.Entry<Book, Chunk>> best = new ArrayList<>();
    for (Book book : books.values()) {
      book.chunks().stream()
          .filter(chunk -> chunk.v() != null && eligible.test(book, chunk))
          .max(Comparator.comparingDouble(this::score))
          .ifPresent(chunk -> best.add(Map.entry(book, chunk)));
    }
    best.sort(Comparator.comparingDouble(entry -> -score(entry.getValue())));
    return best.subList(0, Math.min(k, best.size()));
  }

  public void testRadialSearchFindsAllObjectsWithTheFiltersOfTheirDocuments() {
    float least = score(best((book, chunk) -> true, 50).get(49).getValue());
    SearchResponse response =
        client()
            .prepareSearch("books")
            .setQuery(
                QueryBuilders.nestedQuery(
                    "chunks",
                    nearest(
                        "chunks.v",
                        target,
                        new Extent(null, least, null),
                        false,
                        QueryBuilders.termQuery("genre", "g1")),
                    ScoreMode.Max))
            .setSize(SIZE)
            .get();
    long expected =
        best((book, chunk) -> book.genre().equals("g1"), SIZE).stream()
            .filter(entry -> score(entry.getValue()) >= least)
            .count();
    assertEquals(expected, response.getHits().getTotalHits().value());
  }

  public void testTwoLevelsDeep() {
    var space = SpaceType.L2.space();
    List<Float> scores = new ArrayList<>();
    for (Book book : books.values()) {
      book.chunks().stream()
          .filter(chunk -> chunk.lang().equals("fr") && book.price() > 20)
          .flatMap(chunk -> chunk.parts().stream())
          .map(w -> space.score(space.signal(target, w)))
          .max(Comparator.naturalOrder())
          .ifPresent(scores::add);
    }
    scores.sort(Comparator.reverseOrder());
    QueryBuilder filter =
        QueryBuilders.boolQuery()
            .filter(QueryBuilders.termQuery("chunks.lang", "fr"))
            .filter(QueryBuilders.rangeQuery("price").gt(20));
    NearestQueryBuilder nearest =
        nearest("chunks.parts.w", target, new Extent(10, null, null), false, filter);
    QueryBuilder deep = QueryBuilders.nestedQuery("chunks.parts", nearest, ScoreMode.Max);
    for (QueryBuilder query :
        List.of(deep, QueryBuilders.nestedQuery("chunks", deep, ScoreMode.Max))) {
      SearchHit[] hits =
          client().prepareSearch("books").setQuery(query).setSize(SIZE).get().getHits().getHits();
      assertEquals("documents", Math.min(10, scores.size()), hits.length);
      for (int i = 0; i < hits.length; i++) {
        assertEquals(scores.get(i), hits[i].getScore(), 0);
      }
    }
  }
}

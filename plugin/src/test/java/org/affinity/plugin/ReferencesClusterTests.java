/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.affinity.plugin.reference.AffinityExt;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.get.MultiGetRequest;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.support.ActionFilter;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.LoggingDeprecationHandler;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.common.Strings;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.search.SearchHit;
import org.opensearch.search.builder.SearchSourceBuilder;
import org.opensearch.test.OpenSearchIntegTestCase;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.client.Client;

/** References on a cluster: every form against vectors computed here; how they are fetched. */
@OpenSearchIntegTestCase.ClusterScope(numDataNodes = 2)
public class ReferencesClusterTests extends AffinityClusterTestCase {

  private static final String CALLER = "x-caller";

  /** Sees multi-gets and whose they are, as a security plugin does. */
  public static final class Watcher extends Plugin implements ActionPlugin {

    private static final Queue<String> GETS = new ConcurrentLinkedQueue<>();

    private ThreadPool threads;

    @Override
    public Collection<Object> createComponents(
        Client client,
        org.opensearch.cluster.service.ClusterService clusterService,
        ThreadPool threadPool,
        org.opensearch.watcher.ResourceWatcherService watcher,
        org.opensearch.script.ScriptService scripts,
        org.opensearch.core.xcontent.NamedXContentRegistry contents,
        org.opensearch.env.Environment environment,
        org.opensearch.env.NodeEnvironment nodeEnvironment,
        org.opensearch.core.common.io.stream.NamedWriteableRegistry writeables,
        org.opensearch.cluster.metadata.IndexNameExpressionResolver resolver,
        java.util.function.Supplier<org.opensearch.repositories.RepositoriesService> repositories) {
      threads = threadPool;
      return List.of();
    }

    @Override
    public List<ActionFilter> getActionFilters() {
      return List.of(
          new ActionFilter.Simple() {
            @Override
            public int order() {
              return 0;
            }

            @Override
            protected boolean apply(
                String action, ActionRequest request, ActionListener<?> listener) {
              if (request instanceof MultiGetRequest get) {
                GETS.add(
                    threads.getThreadContext().getHeader(CALLER) + " " + get.getItems().size());
              }
              return true;
            }
          });
    }
  }

  @Override
  protected Collection<Class<? extends Plugin>> nodePlugins() {
    List<Class<? extends Plugin>> plugins = new ArrayList<>(super.nodePlugins());
    plugins.add(Watcher.class);
    return plugins;
  }

  @Override
  protected Settings nodeSettings(int ordinal) {
    return Settings.builder()
        .put(super.nodeSettings(ordinal))
        .put("plugins.affinity.reference.max_gets", 100)
        .build();
  }

  private void createAll() {
    createIndices("default");
    indexBooks();
    indexReader();
  }

  private static SearchRequestBuilder search(String query) {
    return prepareSearch().setQuery(QueryBuilders.wrapperQuery(query)).setSize(SIZE);
  }

  private static String nearestJson(String target) {
    return "{\"nearest\": {\"taste\": {" + target + ", \"k\": " + SIZE + "}}}";
  }

  private static String blendJson(String target) {
    return "{\"blend\": {\"query\": {\"match\": {\"title\": \"dragon\"}}, \"affinities\":"
        + " [{\"field\": \"taste\", \"weight\": 0.7, "
        + target
        + "}]}}";
  }

  private static String from(String reference) {
    return "\"from\": " + reference;
  }

  /** A query by a reference finds and scores as one by the vectors it should come to. */
  private void assertResolves(String reference, List<double[]> expected) {
    Map<String, Float> scores =
        Arrays.stream(search(nearestJson(from(reference))).get().getHits().getHits())
            .collect(Collectors.toMap(SearchHit::getId, SearchHit::getScore));
    assertEquals(tastes.size(), scores.size());
    tastes.forEach(
        (id, taste) ->
            assertEquals(
                reference + " and " + id,
                expected.stream().mapToDouble(v -> score(v, taste)).max().orElseThrow(),
                scores.get(id),
                1e-5));
    if (expected.size() == 1) {
      String vector = "\"vector\": " + Arrays.toString(expected.get(0));
      SearchResponse byVector = search(blendJson(vector)).get();
      SearchResponse byReference = search(blendJson(from(reference))).get();
      assertEquals(ids(byVector), ids(byReference));
      assertTrue(ids(byReference).size() > 10);
    }
  }

  private static double score(double[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < b.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return (1 + dot / Math.sqrt(aa * bb)) / 2;
  }

  /** The formula for cosine, from the documentation. */
  private double[] mean(Map<String, Double> weights) {
    double[] sum = new double[DIMENSION];
    double liked = 0;
    for (Map.Entry<String, Double> entry : weights.entrySet()) {
      float[] taste = tastes.get(entry.getKey());
      if (taste != null) {
        double length =
            Math.sqrt(
                IntStream.range(0, DIMENSION).mapToDouble(i -> (double) taste[i] * taste[i]).sum());
        for (int i = 0; i < DIMENSION; i++) {
          sum[i] += entry.getValue() * taste[i] / length;
        }
        liked += Math.max(0, entry.getValue());
      }
    }
    double total = liked;
    return Arrays.stream(sum).map(x -> x / total).toArray();
  }

  private static String likes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"b" + i + "\"")
        .collect(Collectors.joining(",", "{\"likes\": [", "], \"index\": \"books\"}"));
  }

  private void indexHistory(String id, String events) {
    client()
        .prepareIndex("readers")
        .setId(id)
        .setSource("{\"events\": [" + events + "], \"long\": \"text\"}", XContentType.JSON)
        .get();
  }

  private static String event(int book, String action, long age) {
    return "{\"item\": \"b"
        + book
        + "\", \"action\": \""
        + action
        + "\", \"time\": "
        + (System.currentTimeMillis() - age)
        + "}";
  }

  private static String history(String id, String more) {
    return "{\"history\": {\"index\": \"readers\", \"id\": \""
        + id
        + "\", \"path\": \"events\", \"items\": {\"index\": \"books\"}"
        + more
        + "}}";
  }

  public void testEveryFormIsTheVectorOfItsFormula() {
    createAll();
    long day = 24 * 3_600_000L;
    assertResolves(
        "{\"likes\": [\"b1\", {\"id\": \"b2\", \"weight\": 3}, {\"id\": \"b3\", \"age\": \"2d\"},"
            + " \"b9\", \"stranger\"], \"dislikes\": [\"b4\"], \"index\": \"books\", \"half_life\":"
            + " \"1d\"}",
        List.of(mean(Map.of("b1", 1.0, "b2", 3.0, "b3", 0.25, "b4", -1.0))));
    indexHistory(
        "eve",
        event(5, "view", 0)
            + ","
            + event(6, "purchase", 3 * day)
            + ","
            + event(7, "return", day)
            + ","
            + event(8, "shown", 0)
            + ","
            + event(10, "view", 400 * day));
    assertResolves(
        history(
            "eve",
            ", \"weights\": {\"view\": 1, \"purchase\": 8, \"return\": -1}, \"half_life\": \"1d\","
                + " \"last\": 3"),
        List.of(mean(Map.of("b5", 1.0, "b6", 1.0, "b7", -0.5))));
    double[] eve = mean(Map.of("b5", 1.0, "b6", 1.0));
    double length = Math.sqrt(Arrays.stream(eve).map(x -> x * x).sum());
    double[] sum = new double[DIMENSION];
    double readerLength = 0;
    for (float x : reader) {
      readerLength += (double) x * x;
    }
    for (int i = 0; i < DIMENSION; i++) {
      sum[i] = 0.7 * reader[i] / Math.sqrt(readerLength) + 0.3 * eve[i] / length;
    }
    String ann = "{\"document\": {\"index\": \"readers\", \"id\": \"ann\"}}";
    assertResolves(
        "{\"sum\": [{\"weight\": 0.7, \"from\": "
            + ann
            + "}, {\"weight\": 0.3, \"from\": {\"likes\": [\"b5\", \"b6\"], \"index\":"
            + " \"books\"}}, {\"from\": {\"document\": {\"index\": \"readers\", \"id\":"
            + " \"nobody\"}}}]}",
        List.of(sum));
    double[] annVector = IntStream.range(0, DIMENSION).mapToDouble(i -> reader[i]).toArray();
    assertResolves(
        "{\"first_of\": [" + history("nobody", "") + ", " + history("x", "") + ", " + ann + "]}",
        List.of(annVector));
  }

  public void testInterestsAreScoredByTheBest() {
    createAll();
    // Two groups of one book each: the interests are the books.
    indexHistory("two", event(1, "view", 0) + "," + event(2, "view", 0));
    List<double[]> books = new ArrayList<>();
    for (String id : List.of("b1", "b2")) {
      float[] taste = tastes.get(id);
      books.add(IntStream.range(0, DIMENSION).mapToDouble(i -> taste[i]).toArray());
    }
    String reference = history("two", ", \"interests\": 2");
    assertResolves(reference, books);
    SearchResponse top =
        search("{\"nearest\": {\"taste\": {" + from(reference) + ", \"k\": 5}}}").get();
    List<String> expected =
        tastes.entrySet().stream()
            .sorted(
                Comparator.comparingDouble(
                    entry ->
                        -books.stream()
                            .mapToDouble(v -> score(v, entry.getValue()))
                            .max()
                            .getAsDouble()))
            .map(Map.Entry::getKey)
            .toList();
    assertEquals("5 a shard", 15, ids(top).size());
    assertEquals(expected.subList(0, 5), ids(top).subList(0, 5));
    SearchResponse explained = search(blendJson(from(reference))).setExplain(true).get();
    String text = explained.getHits().getAt(0).getExplanation().toString();
    assertTrue(text, text.matches("(?s).*, interest [12] of 2, to history \\[events\\].*"));
  }

  public void testWhatWasIndexedAMomentAgoCountsAndWhatWasDeletedDoesNot() {
    createAll();
    float[] changed = {-1, 2, 0.5f, 3};
    client().prepareIndex("books").setId("b1").setSource(Map.of("taste", changed)).get();
    client().prepareIndex("books").setId("new").setSource(Map.of("taste", changed)).get();
    client().prepareDelete("books", "b2").get();
    String likes = "{\"likes\": [\"b1\", \"new\", \"b2\", \"b3\", \"b9\"], \"index\": \"books\"}";
    float[] old = tastes.put("b1", changed);
    tastes.put("new", changed);
    tastes.remove("b2");
    double[] mean = mean(Map.of("b1", 1.0, "new", 1.0, "b3", 1.0));
    String byVector = blendJson("\"vector\": " + Arrays.toString(mean));
    assertEquals(ids(search(byVector).get()), ids(search(blendJson(from(likes))).get()));
    assertNotNull(old);
  }

  public void testLikesOfSegmentsAreOneGetAndTheCallersOwn() {
    createAll();
    String fifty =
        IntStream.range(0, 100)
            .filter(i -> i % 10 != 9)
            .limit(50)
            .mapToObj(i -> "\"b" + i + "\"")
            .collect(Collectors.joining(",", "{\"likes\": [", "], \"index\": \"books\"}"));
    String twice =
        "{\"bool\": {\"should\": ["
            + blendJson(from(fifty))
            + ", "
            + nearestJson(from(fifty.replace("}", ", \"missing\": \"neutral\"}")))
            + "]}}";
    Client ann = client().filterWithHeader(Map.of(CALLER, "ann"));
    Watcher.GETS.clear();
    SearchResponse response =
        ann.prepareSearch("books").setQuery(QueryBuilders.wrapperQuery(twice)).get();
    assertEquals(0, response.getFailedShards());
    assertEquals(List.of("ann 50"), List.copyOf(Watcher.GETS));
    Watcher.GETS.clear();
    indexHistory("eve", event(5, "view", 0) + "," + event(6, "view", 0));
    String chain =
        "{\"first_of\": ["
            + history("eve", "")
            + ", {\"document\": {\"index\": \"readers\", \"id\": \"ann\"}}]}";
    ann.prepareSearch("books").setQuery(QueryBuilders.wrapperQuery(blendJson(from(chain)))).get();
    assertEquals(List.of("ann 2", "ann 2"), List.copyOf(Watcher.GETS));
  }

  public void testUnknownPeopleKeepThePlainOrderUnlessThatIsAnError() {
    createAll();
    List<String> plain = ids(search("{\"match\": {\"title\": \"dragon\"}}").get());
    for (String reference :
        List.of(
            history("stranger", ""),
            history("ann", ""),
            "{\"likes\": [], \"index\": \"books\"}",
            "{\"likes\": [\"no\", \"b9\"], \"index\": \"books\"}",
            "{\"sum\": [{\"from\": " + history("stranger", "") + "}]}",
            "{\"first_of\": [" + history("stranger", "") + "]}")) {
      assertEquals(plain, ids(search(blendJson(from(reference))).get()));
      String strict = reference.substring(0, reference.length() - 1) + ", \"missing\": \"error\"}";
      assertRefused(blendJson(from(strict)), "use [missing: neutral] to go on without it");
      assertRefused(nearestJson(from(reference)), "use [missing: neutral] to go on without it");
    }
  }

  private static void assertRefused(String query, String words) {
    Exception e = expectThrows(Exception.class, () -> search(query).get());
    assertEquals(e.toString(), RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(ExceptionsHelper.stackTrace(e), containsString(words));
  }

  public void testWhatHasNoDirectionIsMissing() {
    createAll();
    float[] twice = tastes.get("b1").clone();
    for (int i = 0; i < twice.length; i++) {
      twice[i] *= 2;
    }
    client().prepareIndex("books").setId("twice").setSource(Map.of("taste", twice)).get();
    String cancelled = "{\"likes\": [\"b1\"], \"dislikes\": [\"twice\"], \"index\": \"books\"}";
    assertRefused(nearestJson(from(cancelled)), "has no direction");
    String strict = cancelled.replace("}", ", \"missing\": \"error\"}");
    assertRefused(blendJson(from(strict)), "has no direction");
    String neutral = cancelled.replace("}", ", \"missing\": \"neutral\"}");
    assertEquals(List.of(), ids(search(nearestJson(from(neutral))).get()));
    assertEquals(
        ids(search("{\"match\": {\"title\": \"dragon\"}}").get()),
        ids(search(blendJson(from(cancelled))).get()));
  }

  public void testEmptyIdsHideNobodysTaste() {
    createAll();
    indexHistory("eve", event(5, "view", 0) + ", {\"item\": \"\"}");
    assertResolves(history("eve", ""), List.of(mean(Map.of("b5", 1.0))));
    List<String> plain = ids(search("{\"match\": {\"title\": \"dragon\"}}").get());
    for (String nobody :
        List.of(
            history("", ""),
            "{\"document\": {\"index\": \"readers\", \"id\": \"\"}}",
            "{\"likes\": [\"\"], \"index\": \"books\"}")) {
      assertEquals(plain, ids(search(blendJson(from(nobody))).get()));
    }
  }

  /** More than is parsed on a thread of the network. */
  public void testALongListIsReadAsAShortOne() {
    createAll();
    indexHistory(
        "long",
        IntStream.range(0, 4_000)
            .mapToObj(i -> event(i % 3, "view", 0))
            .collect(Collectors.joining(",")));
    assertResolves(
        history("long", ", \"last\": 300"),
        List.of(mean(Map.of("b0", 100.0, "b1", 100.0, "b2", 100.0))));
  }

  public void testASourceUsedAgainReportsItsOwnReferences() throws Exception {
    createAll();
    SearchSourceBuilder source =
        source(
            "{\"ext\": {\"affinity\": {\"references\": true}}, \"query\": "
                + blendJson(from(likes(2)))
                + "}");
    String first = client().prepareSearch("books").setSource(source).get().toString();
    String second = client().prepareSearch("books").setSource(source).get().toString();
    assertEquals(first.split("\"used\"").length, second.split("\"used\"").length);
  }

  public void testAnAliasFilterKeepsNoReference() {
    createAll();
    Watcher.GETS.clear();
    String filter = nearestJson(from("{\"document\": {\"index\": \"readers\", \"id\": \"ann\"}}"));
    Exception e =
        expectThrows(
            Exception.class,
            () -> {
              client().admin().indices().prepareAliases().addAlias("books", "mine", filter).get();
              client().prepareSearch("mine").get();
            });
    assertEquals(e.toString(), RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(ExceptionsHelper.stackTrace(e), containsString("use [vector] there"));
    assertEquals(List.of(), List.copyOf(Watcher.GETS));
  }

  public void testTooMuchIsRefusedByTheNameOfItsSetting() {
    createAll();
    assertRefused(blendJson(from(likes(1001))), "plugins.affinity.reference.max_likes");
    assertRefused(blendJson(from(likes(101))), "plugins.affinity.reference.max_gets");
    assertRefused(
        blendJson(from(history("ann", ", \"interests\": 11"))),
        "plugins.affinity.reference.max_interests");
    String deep = "{\"document\": {\"index\": \"readers\", \"id\": \"ann\"}}";
    for (int i = 0; i < 20; i++) {
      deep = "{\"first_of\": [" + deep + "]}";
    }
    assertRefused(blendJson(from(deep)), "plugins.affinity.reference.max_depth");
    assertTrue(client().admin().indices().prepareClose("readers").get().isAcknowledged());
    assertRefused(blendJson(from(history("ann", ""))), "index [readers] is closed");
    Exception e =
        expectThrows(
            Exception.class,
            () -> search(blendJson(from("{\"likes\": [\"a\"], \"index\": \"absent\"}"))).get());
    assertEquals(RestStatus.NOT_FOUND, ExceptionsHelper.status(e));
  }

  public void testTheResponseTellsWhatWasUsed() throws Exception {
    createAll();
    String chain =
        "{\"first_of\": ["
            + history("stranger", "")
            + ", {\"likes\": [\"b1\", \"b2\", \"b9\"], \"index\": \"books\"}]}";
    String body =
        "{\"explain\": true, \"ext\": {\"affinity\": {\"references\": true}}, \"query\": "
            + blendJson(from(chain))
            + "}";
    SearchResponse response = client().prepareSearch("books").setSource(source(body)).get();
    AffinityExt ext = (AffinityExt) response.getInternalResponse().getSearchExtBuilders().get(0);
    assertNotNull(ext);
    String json = response.toString();
    assertThat(
        json,
        containsString(
            "\"ext\":{\"affinity\":{\"references\":[{\"reference\":\"the first of 2 references\","
                + "\"used\":\"rung 2 of 2, likes: 2 of 3 items of [books]\",\"vectors\":1,"
                + "\"items\":2,\"skipped\":1,\"rung\":2}]}}"));
    assertThat(
        response.getHits().getAt(0).getExplanation().toString(),
        containsString("to rung 2 of 2, likes: 2 of 3 items of [books]"));
    SearchResponse unasked = search(blendJson(from(chain))).get();
    assertTrue(unasked.getInternalResponse().getSearchExtBuilders().isEmpty());
  }

  public void testNegativeWeightsUnderL2AreRefused() {
    assertAcked(
        prepareCreate("places")
            .setSettings(Settings.builder().put("index.affinity", true))
            .setMapping("{\"properties\": {\"v\": {\"type\": \"embedding\", \"dimension\": 2}}}"));
    for (int i = 0; i < 3; i++) {
      client().prepareIndex("places").setId("" + i).setSource(Map.of("v", List.of(i, 1))).get();
    }
    client().admin().indices().prepareRefresh("places").get();
    String query =
        "{\"nearest\": {\"v\": {\"from\": {\"likes\": [0, 2]%s, \"index\": \"places\"}, \"k\": 1}}}";
    SearchResponse found =
        client()
            .prepareSearch("places")
            .setQuery(QueryBuilders.wrapperQuery(query.formatted("")))
            .get();
    assertEquals("1", found.getHits().getAt(0).getId());
    assertEquals(1f, found.getHits().getAt(0).getScore(), 0);
    Exception e =
        expectThrows(
            Exception.class,
            () ->
                client()
                    .prepareSearch("places")
                    .setQuery(QueryBuilders.wrapperQuery(query.formatted(", \"dislikes\": [1]")))
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(ExceptionsHelper.stackTrace(e), containsString("negative weights need a field of"));
  }

  /** Runs each request of the documentation; the fields it names are those of the catalogue. */
  public void testTheExamplesOfTheDocumentationWork() throws Exception {
    createAll();
    for (String id : List.of("8", "17", "204")) {
      client()
          .prepareIndex("books")
          .setId(id)
          .setSource(Map.of("title", "dragon " + id, "taste", List.of(1, 0.5, id.length(), 2)))
          .get();
    }
    client().prepareIndex("readers").setId("314").setSource(Map.of("taste", reader)).get();
    indexHistory(
        "session-9",
        "{\"item\": \"17\", \"action\": \"view\", \"time\": \"2026-05-01T09:30:00Z\"}");
    String text = Files.readString(Path.of("..", "docs", "references.md"));
    List<String> found = new ArrayList<>();
    Matcher examples =
        Pattern.compile("```json\nPOST /books/_search\n(.*?)```", Pattern.DOTALL).matcher(text);
    while (examples.find()) {
      SearchResponse response =
          client().prepareSearch("books").setSource(source(examples.group(1))).get();
      assertEquals(examples.group(1), 0, response.getFailedShards());
      assertTrue(response.getHits().getTotalHits().value() > 0);
      response
          .getInternalResponse()
          .getSearchExtBuilders()
          .forEach(ext -> found.add(Strings.toString(XContentType.JSON, ext)));
    }
    assertEquals(1, found.size());
    assertThat(
        text.replaceAll("\\s", ""),
        containsString(found.get(0).substring(1, found.get(0).length() - 1).replaceAll("\\s", "")));
  }

  private SearchSourceBuilder source(String json) throws IOException {
    try (XContentParser parser =
        JsonXContent.jsonXContent.createParser(
            xContentRegistry(), LoggingDeprecationHandler.INSTANCE, json)) {
      return SearchSourceBuilder.fromXContent(parser);
    }
  }
}

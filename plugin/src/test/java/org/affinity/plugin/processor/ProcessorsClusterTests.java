/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import static org.hamcrest.Matchers.containsString;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.affinity.plugin.AffinityPlugin;
import org.affinity.plugin.vector.VectorContent;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.bulk.BulkItemResponse;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.bulk.BulkResponse;
import org.opensearch.action.get.MultiGetAction;
import org.opensearch.action.get.MultiGetRequest;
import org.opensearch.action.support.ActionFilter;
import org.opensearch.action.support.ActionFilterChain;
import org.opensearch.action.support.ActionRequestMetadata;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.env.Environment;
import org.opensearch.env.NodeEnvironment;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginsService;
import org.opensearch.repositories.RepositoriesService;
import org.opensearch.script.ScriptService;
import org.opensearch.tasks.Task;
import org.opensearch.test.OpenSearchIntegTestCase;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.client.Client;
import org.opensearch.watcher.ResourceWatcherService;

/** Processors under bulks on two nodes. */
@OpenSearchIntegTestCase.ClusterScope(numDataNodes = 2)
public class ProcessorsClusterTests extends OpenSearchIntegTestCase {

  /** Notes the multi-gets of a node and who sent them. */
  public static final class WatchPlugin extends Plugin implements ActionPlugin {

    private final ConcurrentLinkedQueue<String> gets = new ConcurrentLinkedQueue<>();
    private ThreadPool threadPool;

    @Override
    public Collection<Object> createComponents(
        Client client,
        ClusterService clusterService,
        ThreadPool pool,
        ResourceWatcherService resourceWatcherService,
        ScriptService scriptService,
        NamedXContentRegistry contentRegistry,
        Environment environment,
        NodeEnvironment nodeEnvironment,
        NamedWriteableRegistry writeableRegistry,
        IndexNameExpressionResolver resolver,
        Supplier<RepositoriesService> repositories) {
      this.threadPool = pool;
      return List.of();
    }

    @Override
    public List<ActionFilter> getActionFilters() {
      return List.of(
          new ActionFilter() {
            @Override
            public int order() {
              return 0;
            }

            @Override
            public <I extends ActionRequest, O extends ActionResponse> void apply(
                Task task,
                String action,
                I request,
                ActionRequestMetadata<I, O> metadata,
                ActionListener<O> listener,
                ActionFilterChain<I, O> chain) {
              if (action.equals(MultiGetAction.NAME)) {
                int size = ((MultiGetRequest) request).getItems().size();
                gets.add(size + " by " + threadPool.getThreadContext().getHeader("user"));
              }
              chain.proceed(task, action, request, listener);
            }
          });
    }
  }

  private static final String TASTE = "\"taste\": {\"type\": \"embedding\", \"dimension\": 4}";

  @Override
  protected Collection<Class<? extends Plugin>> nodePlugins() {
    return List.of(AffinityPlugin.class, WatchPlugin.class);
  }

  private static List<String> multiGets() {
    List<String> gets = new ArrayList<>();
    for (PluginsService plugins : internalCluster().getInstances(PluginsService.class)) {
      for (WatchPlugin plugin : plugins.filterPlugins(WatchPlugin.class)) {
        plugin.gets.forEach(gets::add);
        plugin.gets.clear();
      }
    }
    return gets;
  }

  private void createIndex(String name, String properties, Settings.Builder settings) {
    assertTrue(
        prepareCreate(name)
            .setSettings(settings.put("index.affinity", true))
            .setMapping("{\"properties\": {" + properties + "}}")
            .get()
            .isAcknowledged());
  }

  private static void pipeline(String id, String... processors) {
    String body = "{\"processors\": [" + String.join(", ", processors) + "]}";
    assertTrue(
        client()
            .admin()
            .cluster()
            .preparePutPipeline(id, new BytesArray(body), MediaTypeRegistry.JSON)
            .get()
            .isAcknowledged());
  }

  private static String lookup(String options) {
    return "{\"embedding_lookup\": {\"field\": \"reader\", \"index\": \"readers\","
        + " \"target_field\": \"taste\""
        + options
        + "}}";
  }

  private static float[] vector(int seed) {
    return new float[] {seed + 0.1f, -seed, 1f / (seed + 1), 3};
  }

  private void readers(int count) {
    createIndex(
        "readers",
        TASTE,
        Settings.builder().put("index.number_of_shards", 3).put("index.refresh_interval", "-1"));
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < count; i++) {
      bulk.add(
          client().prepareIndex("readers").setId("r" + i).setSource(Map.of("taste", vector(i))));
    }
    assertFalse(bulk.get().hasFailures());
  }

  private void books(Settings.Builder settings) {
    createIndex("books", TASTE, settings.put("index.number_of_shards", 2));
  }

  private static float[] stored(String id) {
    Object value = client().prepareGet("books", id).get().getSourceAsMap().get("taste");
    return value == null ? null : VectorContent.fromSource(value, id);
  }

  private static void assertRefused(BulkItemResponse item, int status, String... words) {
    assertTrue(item.getId() + " failed", item.isFailed());
    assertEquals(item.getFailureMessage(), status, item.getFailure().getStatus().getStatus());
    for (String word : words) {
      assertThat(item.getFailureMessage(), containsString(word));
    }
  }

  public void testABulkAsksForEachVectorOnceAndAsItsCaller() {
    readers(20);
    pipeline("lookup", lookup(""));
    books(Settings.builder().put("index.default_pipeline", "lookup"));
    multiGets();
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < 100; i++) {
      bulk.add(client().prepareIndex("books").setId("b" + i).setSource("reader", "r" + i % 20));
    }
    BulkResponse response =
        client().filterWithHeader(Map.of("user", "ann")).bulk(bulk.request()).actionGet();
    assertFalse(response.buildFailureMessage(), response.hasFailures());
    assertEquals(List.of("20 by ann"), multiGets());
    for (int i = 0; i < 100; i++) {
      assertArrayEquals(vector(i % 20), stored("b" + i), 0);
    }
  }

  public void testManyVectorsComeInPiecesAndAsTheirCaller() {
    int count = 2 * VectorFetch.MAX_GET + 7;
    readers(count);
    pipeline("lookup", lookup(", \"output\": \"base64\""));
    books(Settings.builder().put("index.default_pipeline", "lookup"));
    multiGets();
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < count; i++) {
      bulk.add(client().prepareIndex("books").setId("b" + i).setSource("reader", "r" + i));
    }
    BulkResponse response =
        client().filterWithHeader(Map.of("user", "bob")).bulk(bulk.request()).actionGet();
    assertFalse(response.buildFailureMessage(), response.hasFailures());
    assertEquals(List.of("1024 by bob", "1024 by bob", "7 by bob"), multiGets());
    assertArrayEquals(vector(count - 1), stored("b" + (count - 1)), 0);
  }

  public void testTheGoodAreStoredAndEachBadOneNamesItsReason() {
    readers(3);
    client().prepareIndex("readers").setId("empty").setSource("name", "x").get();
    pipeline("lookup", lookup(""));
    books(Settings.builder().put("index.final_pipeline", "lookup"));
    BulkResponse response =
        client()
            .prepareBulk()
            .add(client().prepareIndex("books").setId("0").setSource("reader", "r0"))
            .add(client().prepareIndex("books").setId("1").setSource("reader", "stranger"))
            .add(client().prepareIndex("books").setId("2").setSource("reader", "empty"))
            .add(client().prepareIndex("books").setId("3").setSource("title", "no reader"))
            .add(client().prepareIndex("books").setId("4").setSource("reader", List.of("r1", "r2")))
            .add(client().prepareIndex("books").setId("5").setSource("reader", Map.of("id", 1)))
            .add(client().prepareIndex("books").setId("6").setSource("reader", List.of("r2")))
            .get();
    BulkItemResponse[] items = response.getItems();
    for (int i = 0; i < items.length; i++) {
      assertEquals(String.valueOf(i), items[i].getId());
    }
    assertFalse(items[0].isFailed());
    assertRefused(items[1], 400, "document [readers/stranger] does not exist", "[books/1]");
    assertRefused(items[2], 400, "[readers/empty] has no field [taste]", "[books/2]");
    assertRefused(items[3], 400, "field [reader] of document [books/3] is missing");
    assertRefused(items[4], 400, "holds [2] values", "[books/4]");
    assertRefused(items[5], 400, "text and whole numbers", "[books/5]");
    assertFalse(items[6].isFailed());
    assertArrayEquals(vector(0), stored("0"), 0);
    assertArrayEquals(vector(2), stored("6"), 0);
    assertFalse(client().prepareGet("books", "1").get().isExists());
  }

  /** By id: OpenSearch puts the items out of order when two processors refuse some. */
  public void testTwoProcessorsRefuseEachItsOwn() {
    readers(2);
    pipeline("two", lookup(""), lookup("").replace("\"reader\"", "\"other\""));
    books(Settings.builder().put("index.default_pipeline", "two"));
    BulkRequestBuilder bulk = client().prepareBulk();
    for (String[] keys : new String[][] {{"r0", "x"}, {"y", "r0"}, {"r0", "r1"}, {"y", "x"}}) {
      bulk.add(
          client()
              .prepareIndex("books")
              .setId(keys[0] + keys[1])
              .setSource("reader", keys[0], "other", keys[1]));
    }
    Map<String, BulkItemResponse> items = new HashMap<>();
    bulk.get().forEach(item -> items.put(item.getId(), item));
    assertEquals(4, items.size());
    assertRefused(items.get("r0x"), 400, "[readers/x] does not exist", "[books/r0x]");
    assertRefused(items.get("yr0"), 400, "[readers/y] does not exist", "[books/yr0]");
    assertRefused(items.get("yx"), 400, "[readers/y] does not exist", "[books/yx]");
    assertFalse(items.get("r0r1").isFailed());
    assertArrayEquals(vector(1), stored("r0r1"), 0);
  }

  public void testWhatIsMissingCanBeSkippedIgnoredOrHandled() {
    readers(1);
    pipeline("skip", lookup(", \"ignore_missing\": true"));
    pipeline("ignore", lookup(", \"ignore_failure\": true"));
    pipeline(
        "handle",
        lookup(
            ", \"on_failure\": [{\"embedding_hash\": {\"method\": \"signed\", \"field\":"
                + " \"reader\", \"dimension\": 4, \"target_field\": \"taste\"}}]"));
    pipeline("chain", lookup(", \"ignore_missing\": true"), lookup(", \"override\": false"));
    books(Settings.builder());
    for (String name : List.of("skip", "ignore")) {
      BulkRequestBuilder bulk = client().prepareBulk();
      for (String reader : List.of("r0", "stranger", "r0", "other")) {
        bulk.add(
            client()
                .prepareIndex("books")
                .setId(name + bulk.numberOfActions())
                .setSource("reader", reader)
                .setPipeline(name));
      }
      assertFalse(bulk.get().hasFailures());
      assertArrayEquals(vector(0), stored(name + 2), 0);
      assertNull(stored(name + 1));
      assertNull(stored(name + 3));
    }
    BulkResponse handled =
        client()
            .prepareBulk()
            .add(
                client()
                    .prepareIndex("books")
                    .setId("h0")
                    .setSource("reader", "r0")
                    .setPipeline("handle"))
            .add(
                client()
                    .prepareIndex("books")
                    .setId("h1")
                    .setSource("reader", "none")
                    .setPipeline("handle"))
            .get();
    assertFalse(handled.buildFailureMessage(), handled.hasFailures());
    assertArrayEquals(vector(0), stored("h0"), 0);
    assertArrayEquals(SignedHashProcessor.hash(List.of("reader=none"), 4, 0), stored("h1"), 0);
    BulkResponse chained =
        client()
            .prepareBulk()
            .add(
                client()
                    .prepareIndex("books")
                    .setId("c0")
                    .setSource("reader", "r0")
                    .setPipeline("chain"))
            .add(
                client()
                    .prepareIndex("books")
                    .setId("c1")
                    .setSource("reader", "none")
                    .setPipeline("chain"))
            .get();
    assertFalse(chained.getItems()[0].isFailed());
    assertRefused(chained.getItems()[1], 400, "[readers/none] does not exist");
  }

  public void testAMissingAndAClosedIndexAreNamed() {
    pipeline("lookup", lookup(""));
    books(Settings.builder().put("index.default_pipeline", "lookup"));
    for (String state : List.of("there is no index [readers]", "index [readers] is closed")) {
      BulkResponse response =
          client()
              .prepareBulk()
              .add(client().prepareIndex("books").setId("0").setSource("reader", "r0"))
              .add(client().prepareIndex("books").setId("1").setSource("reader", "r1"))
              .get();
      assertRefused(response.getItems()[0], 400, state);
      assertRefused(response.getItems()[1], 400, state);
      Exception e =
          expectThrows(
              Exception.class,
              () -> client().prepareIndex("books").setId("2").setSource("reader", "r0").get());
      assertEquals(400, ExceptionsHelper.status(e).getStatus());
      if (!state.endsWith("closed")) {
        readers(2);
        assertTrue(client().admin().indices().prepareClose("readers").get().isAcknowledged());
      }
    }
    assertTrue(client().admin().indices().prepareOpen("readers").get().isAcknowledged());
    ensureGreen("readers");
    client().prepareIndex("books").setId("3").setSource("reader", "r1").get();
    assertArrayEquals(vector(1), stored("3"), 0);
  }

  public void testCombineTellsWhatItUsedInOneMultiGet() {
    readers(3);
    pipeline("combine", combine("mean", ", \"provenance_field\": \"from\""));
    books(Settings.builder().put("index.default_pipeline", "combine"));
    multiGets();
    BulkResponse response =
        client()
            .prepareBulk()
            .add(
                client()
                    .prepareIndex("books")
                    .setId("0")
                    .setSource(Map.of("brand", 0, "author", List.of("r1", "r2", "who", "r1"))))
            .add(client().prepareIndex("books").setId("1").setSource("brand", 7))
            .add(client().prepareIndex("books").setId("2").setSource("title", "x"))
            .add(client().prepareIndex("books").setId("3").setSource("author", "r2"))
            .get();
    assertEquals(List.of("5 by null"), multiGets());
    BulkItemResponse[] items = response.getItems();
    assertFalse(items[0].getFailureMessage(), items[0].isFailed());
    float[] mean = new float[4];
    for (int i = 0; i < 4; i++) {
      double authors = 1d * vector(1)[i] / 2 + 1d * vector(2)[i] / 2;
      mean[i] = (float) ((3 * (double) vector(0)[i] + authors) / 4);
    }
    assertArrayEquals(mean, stored("0"), 1e-6f);
    Map<String, Object> source = client().prepareGet("books", "0").get().getSourceAsMap();
    Map<String, Object> from = new HashMap<>();
    from.put("used", List.of("brand=0", "author=r1", "author=r2"));
    from.put("missing", List.of("author=who"));
    assertEquals(from, source.get("from"));
    assertRefused(items[1], 400, "[brand, author] of document [books/1]", "[brand=7] have none");
    assertRefused(items[2], 400, "of document [books/2]: they are missing");
    assertArrayEquals(vector(2), stored("3"), 0);
  }

  public void testConcatPutsZerosByTheVocabularysMapping() {
    readers(2);
    createIndex(
        "books", "\"taste\": {\"type\": \"embedding\", \"dimension\": 8}", Settings.builder());
    pipeline("concat", combine("concat", ""));
    client().prepareIndex("books").setId("0").setSource("author", "r1").setPipeline("concat").get();
    float[] v = vector(1);
    assertArrayEquals(new float[] {0, 0, 0, 0, v[0], v[1], v[2], v[3]}, stored("0"), 0);
  }

  private static String combine(String how, String options) {
    return "{\"embedding_combine\": {\"inputs\": [{\"field\": \"brand\", \"index\": \"readers\","
        + " \"source_field\": \"taste\", \"weight\": 3, \"id_prefix\": \"r\"}, {\"field\":"
        + " \"author\", \"index\": \"readers\", \"source_field\": \"taste\"}], \"combine\": \""
        + how
        + "\", \"target_field\": \"taste\""
        + options
        + "}}";
  }

  public void testBloomAddsTheRowsOfATable() {
    createIndex("table", TASTE, Settings.builder());
    BulkRequestBuilder rows = client().prepareBulk();
    for (int row = 0; row < 49; row++) {
      rows.add(
          client()
              .prepareIndex("table")
              .setId("row-" + row)
              .setSource(Map.of("taste", HashVectorsTests.row(row, 4))));
    }
    assertFalse(rows.get().hasFailures());
    pipeline(
        "bloom",
        "{\"embedding_hash\": {\"method\": \"bloom\", \"field\": \"item\", \"index\": \"table\","
            + " \"source_field\": \"taste\", \"id_prefix\": \"row-\", \"rows\": 50,"
            + " \"padding_id\": 0, \"target_field\": \"taste\"}}");
    books(Settings.builder().put("index.default_pipeline", "bloom"));
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int id = 0; id < 60; id++) {
      bulk.add(client().prepareIndex("books").setId("" + id).setSource("item", id));
    }
    int bad = 0;
    for (BulkItemResponse item : bulk.get().getItems()) {
      int id = Integer.parseInt(item.getId());
      int[] wanted =
          id == 0
              ? new int[4]
              : BloomHashProcessor.rowsOf(
                  Murmur3.bytes(id, Murmur3.KeyType.AUTO),
                  BloomHashProcessor.SPOTLIGHT_SEEDS.subList(0, 4),
                  50);
      float[] sum = null;
      boolean lacking = false;
      for (int row : wanted) {
        lacking |= row == 49;
        sum = BloomHashProcessor.add(sum, HashVectorsTests.row(row, 4));
      }
      if (lacking) {
        bad++;
        assertRefused(item, 400, "[table/row-49] does not exist", "load rows 0 to 49");
      } else {
        assertFalse(item.getFailureMessage(), item.isFailed());
        assertArrayEquals(sum, stored("" + id), 0);
      }
    }
    assertTrue("some ids need the row that is not there", bad > 0);
    BulkResponse odd =
        client()
            .prepareBulk()
            .add(client().prepareIndex("books").setId("x").setSource("item", 1L << 40))
            .add(client().prepareIndex("books").setId("y").setSource("title", "x"))
            .get();
    assertRefused(odd.getItems()[0], 400, "which is not an int32");
    assertRefused(odd.getItems()[1], 400, "field [item] of document [books/y] is missing");
  }

  public void testAPipelineThatCannotWorkIsRefusedWhenItIsPut() {
    Exception e =
        expectThrows(Exception.class, () -> pipeline("bad", lookup(", \"timeout\": \"never\"")));
    assertEquals(400, ExceptionsHelper.status(e).getStatus());
    assertThat(e.getMessage(), containsString("[timeout]"));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.affinity.plugin.AffinityPlugin;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.action.ActionFuture;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.index.IndexNotFoundException;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.plugins.Plugin;
import org.opensearch.tasks.TaskInfo;
import org.opensearch.test.OpenSearchIntegTestCase;
import org.opensearch.threadpool.ThreadPool;

/** Numbers against what was indexed, on two nodes. */
@OpenSearchIntegTestCase.ClusterScope(numDataNodes = 2)
public class AdminActionsTests extends OpenSearchIntegTestCase {

  private static final int DIMENSION = 8;

  private static final String HNSW = ", \"method\": {\"name\": \"hnsw\"}";

  /** Enough for codes and a graph. */
  private static final int MANY = 5000;

  @Override
  protected Collection<Class<? extends Plugin>> nodePlugins() {
    return List.of(AffinityPlugin.class);
  }

  private void create(String index, int shards, int replicas, String fields) {
    assertTrue(
        prepareCreate(index)
            .setSettings(
                Settings.builder()
                    .put("index.affinity", true)
                    .put("index.number_of_shards", shards)
                    .put("index.number_of_replicas", replicas)
                    .put("index.refresh_interval", "-1"))
            .setMapping("{\"properties\": {" + fields + "}}")
            .get()
            .isAcknowledged());
  }

  private static String embedding(String name, String method) {
    return "\""
        + name
        + "\": {\"type\": \"embedding\", \"dimension\": "
        + DIMENSION
        + ", \"space_type\": \"innerproduct\""
        + (method.isEmpty() ? HNSW : method)
        + "}";
  }

  private void index(String index, int from, int to, String... fields) {
    Random random = new Random(42 + from);
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = from; i < to; i++) {
      Map<String, Object> source = new HashMap<>();
      source.put("title", "t" + i);
      for (String field : fields) {
        float[] vector = new float[DIMENSION];
        for (int d = 0; d < DIMENSION; d++) {
          vector[d] = (float) random.nextGaussian();
        }
        source.put(field, vector);
      }
      bulk.add(client().prepareIndex(index).setId(String.valueOf(i)).setSource(source));
    }
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
  }

  private static IndexStatsResponse stats(String... indices) {
    return client().execute(AdminActions.INDEX_STATS, new IndexStatsRequest(indices)).actionGet();
  }

  private static FieldStats primaries(IndexStatsResponse response, String index, String field) {
    FieldTotals totals = new FieldTotals();
    for (ShardStats shard : response.shards()) {
      if (shard.primary()) {
        totals.add(shard.index(), shard.fields());
      }
    }
    return totals.of(index).get(field);
  }

  public void testSearchesAreCountedForAsLongAsAShardIsOpen() {
    create("books", 1, 0, embedding("taste", ""));
    index("books", 0, MANY, "taste");
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    client().admin().indices().prepareRefresh("books").get();
    assertEquals(SearchStats.NONE, primaries(stats("books"), "books", "taste").searches());
    String query = "{\"nearest\": {\"taste\": {\"vector\": [1,0,1,0,1,0,1,0], %s}}}";
    search("books", query.formatted("\"k\": 5, \"exact\": true"));
    SearchStats exact = primaries(stats("books"), "books", "taste").searches();
    assertEquals(new SearchStats(1, 0, 0, MANY, 0), exact);
    search("books", query.formatted("\"k\": 5"));
    search("books", query.formatted("\"min_score\": 0.5"));
    SearchStats all = primaries(stats("books"), "books", "taste").searches();
    assertEquals(2, all.exact());
    assertEquals(1, all.ann());
    assertEquals("candidates rescored", 100, all.rescored());
    assertThat(all.candidates(), greaterThan(MANY + 100L));
    client().admin().indices().prepareClose("books").get();
    client().admin().indices().prepareOpen("books").get();
    ensureGreen("books");
    assertEquals(SearchStats.NONE, primaries(stats("books"), "books", "taste").searches());
  }

  private static void search(String index, String query) {
    assertEquals(
        RestStatus.OK,
        client().prepareSearch(index).setQuery(QueryBuilders.wrapperQuery(query)).get().status());
  }

  public void testNumbersAreThoseOfTheSegments() {
    create(
        "books",
        1,
        0,
        embedding("taste", "")
            + ", "
            + embedding(
                "plot",
                ", \"method\": {\"name\": \"flat\", \"parameters\": {\"encoder\": {\"name\":"
                    + " \"none\"}}}"));
    index("books", 0, MANY, "taste");
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    index("books", MANY, MANY + 10, "taste", "plot");
    FieldStats taste = primaries(stats("books"), "books", "taste");
    assertEquals(MANY + 10, taste.vectors());
    assertEquals(MANY + 10, taste.live());
    assertEquals(Map.of("AffinityHnswPq1", 2L), taste.formats().counts());
    assertEquals(Map.of("graph", 1L, "raw", 1L), taste.searched().counts());
    Map<String, Long> bytes = taste.bytes().counts();
    assertEquals(Set.of("raw", "codes", "graph", "codebook"), bytes.keySet());
    assertEquals(4L * DIMENSION * (MANY + 10), bytes.get("raw").longValue());
    assertThat(bytes.get("graph"), greaterThan((long) MANY));
    assertThat(bytes.get("codebook"), greaterThan(4L * DIMENSION * 256));

    CodebookStats codebook = taste.codebooks().values().iterator().next();
    assertEquals(1, taste.codebooks().size());
    assertTrue(codebook.id(), codebook.id().matches("[0-9a-f]{16}"));
    assertEquals(1, codebook.segments());
    assertEquals(MANY, codebook.vectors());
    assertEquals((long) codebook.code().recordLength() * MANY, bytes.get("codes").longValue());
    assertEquals("inner_product", codebook.code().metric());
    assertThat(codebook.training().trials(), not(empty()));
    assertTrue(
        codebook.training().trials().stream()
            .anyMatch(trial -> trial.estimator().equals(codebook.code().estimator())));
    double error = codebook.training().relativeError();
    assertTrue("relative error " + error, error > 0 && error < 1);

    FieldStats plot = primaries(stats("books"), "books", "plot");
    assertEquals(10, plot.vectors());
    assertEquals(Map.of("raw", 4L * DIMENSION * 10), plot.bytes().counts());
    assertEquals(Map.of(), plot.codebooks());
    assertEquals("the same again", taste, primaries(stats("books"), "books", "taste"));
  }

  public void testDeletedVectorsAreNotLive() {
    create("books", 1, 0, embedding("taste", "") + ", " + embedding("plot", ""));
    index("books", 0, 50, "taste");
    index("books", 50, 100, "taste", "plot");
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    refresh("books");
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 40; i < 70; i++) {
      bulk.add(client().prepareDelete("books", String.valueOf(i)));
    }
    bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get();
    for (int again = 0; again < 2; again++) {
      assertEquals(70, primaries(stats("books"), "books", "taste").live());
      assertEquals("a sparse field", 30, primaries(stats("books"), "books", "plot").live());
    }
    assertThat(primaries(stats("books"), "books", "taste").vectors(), greaterThan(69L));
  }

  public void testShardsAndReplicasAddUp() {
    create("books", 3, 1, embedding("taste", ""));
    ensureGreen("books");
    index("books", 0, 300, "taste");
    index("books", 300, 400);
    IndexStatsResponse response = stats("books");
    assertEquals(6, response.getTotalShards());
    assertEquals(6, response.getSuccessfulShards());
    assertEquals(300, primaries(response, "books", "taste").vectors());
    long all = 0;
    for (ShardStats shard : response.shards()) {
      all += shard.fields().get("taste").vectors();
    }
    assertEquals(600, all);

    NodesStatsResponse nodes =
        client().execute(AdminActions.NODES_STATS, new NodesStatsRequest()).actionGet();
    long onNodes = 0;
    for (NodeStats node : nodes.getNodes()) {
      assertThat(node.kernels(), containsString(": "));
      for (ShardStats shard : node.shards()) {
        onNodes += shard.fields().get("taste").vectors();
      }
    }
    assertEquals(600, onNodes);
    NodesStatsResponse one =
        client().execute(AdminActions.NODES_STATS, new NodesStatsRequest("data:true")).actionGet();
    assertThat(one.getNodes(), hasSize(2));
    assertEquals(
        List.of(),
        client()
            .execute(AdminActions.NODES_STATS, new NodesStatsRequest("absent"))
            .actionGet()
            .getNodes());
  }

  public void testIndicesWithoutEmbeddingsAndMissingOnes() {
    create("plain", 1, 0, "\"title\": {\"type\": \"text\"}");
    index("plain", 0, 3);
    create("unused", 1, 0, embedding("taste", ""));
    IndexStatsResponse response = stats("plain");
    assertEquals(1, response.getSuccessfulShards());
    assertEquals(Map.of(), response.shards().get(0).fields());
    assertEquals(FieldStats.NONE, primaries(stats("unused"), "unused", "taste"));
    assertEquals(0, warmup(false, "plain").shards().get(0).touched().bytes().total());
    expectThrows(IndexNotFoundException.class, () -> stats("absent"));
    expectThrows(IndexNotFoundException.class, () -> warmup(false, "absent"));
  }

  private static WarmupResponse warmup(boolean raw, String... indices) {
    return client().execute(AdminActions.WARMUP, new WarmupRequest(raw, indices)).actionGet();
  }

  public void testWarmupTouchesWhatASearchTouches() {
    String flat = ", \"method\": {\"name\": \"flat\"}";
    create("books", 1, 1, embedding("taste", "") + ", " + embedding("plot", flat));
    ensureGreen("books");
    index("books", 0, MANY, "taste", "plot");
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    refresh("books");
    WarmupResponse response = warmup(false, "books");
    assertEquals(2, response.getTotalShards());
    assertThat(response.shards(), hasSize(2));
    IndexStatsResponse stats = stats("books");
    long codes = 0;
    for (String field : List.of("taste", "plot")) {
      codes += primaries(stats, "books", field).bytes().counts().get("codes");
    }
    for (WarmupShardResponse shard : response.shards()) {
      Map<String, Long> bytes = shard.touched().bytes().counts();
      assertEquals(2 * MANY, shard.touched().vectors());
      assertEquals(Set.of("codes", "graph"), bytes.keySet());
      assertEquals(codes, bytes.get("codes").longValue());
    }
    for (WarmupShardResponse shard : warmup(true, "books").shards()) {
      Map<String, Long> bytes = shard.touched().bytes().counts();
      assertEquals(Set.of("codes", "graph", "raw"), bytes.keySet());
      assertEquals(2 * 4L * DIMENSION * MANY, bytes.get("raw").longValue());
    }
  }

  public void testWarmupCanBeSeenAndCancelled() throws Exception {
    create("books", 2, 1, embedding("taste", ""));
    ensureGreen("books");
    index("books", 0, 100, "taste");
    CountDownLatch free = new CountDownLatch(1);
    List<CountDownLatch> occupied = new ArrayList<>();
    for (ThreadPool pool : internalCluster().getInstances(ThreadPool.class)) {
      CountDownLatch started = new CountDownLatch(1);
      occupied.add(started);
      pool.executor(AdminActions.WARMUP_POOL)
          .execute(
              () -> {
                started.countDown();
                try {
                  free.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    ActionFuture<WarmupResponse> warmup;
    try {
      for (CountDownLatch started : occupied) {
        started.await();
      }
      warmup = client().execute(AdminActions.WARMUP, new WarmupRequest(false, "books"));
      assertBusy(() -> assertThat(tasks(AdminActions.WARMUP.name() + "[s]"), hasSize(4)));
      List<TaskInfo> parents = tasks(AdminActions.WARMUP.name());
      assertThat(parents, hasSize(1));
      assertEquals("warmup of [books]", parents.get(0).getDescription());
      assertTrue(parents.get(0).isCancellable());
      TaskId id = parents.get(0).getTaskId();
      client().admin().cluster().prepareCancelTasks().setTaskId(id).get();
      assertBusy(
          () ->
              assertTrue(
                  tasks(AdminActions.WARMUP.name() + "[s]").stream()
                      .allMatch(TaskInfo::isCancelled)));
    } finally {
      free.countDown();
    }
    assertAllCancelled(warmup);
    assertEquals(0, tasks(AdminActions.WARMUP.name() + "*").size());
  }

  private static void assertAllCancelled(ActionFuture<WarmupResponse> warmup)
      throws InterruptedException, ExecutionException {
    WarmupResponse response = warmup.get();
    assertEquals(0, response.getSuccessfulShards());
    assertEquals(4, response.getFailedShards());
    assertThat(response.getShardFailures()[0].reason(), containsString("warmup was cancelled"));
  }

  private static List<TaskInfo> tasks(String action) {
    return client()
        .admin()
        .cluster()
        .prepareListTasks()
        .setActions(action)
        .setDetailed(true)
        .get()
        .getTasks();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.opensearch.action.admin.cluster.node.tasks.cancel.CancelTasksResponse;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.search.SearchAction;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.action.ActionFuture;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.plugins.Plugin;
import org.opensearch.script.MockScriptPlugin;
import org.opensearch.script.Script;
import org.opensearch.script.ScriptType;
import org.opensearch.test.OpenSearchSingleNodeTestCase;

/** A search that takes long ends within a segment, by its own timeout and by its task. */
public class SearchInterruptionTests extends OpenSearchSingleNodeTestCase {

  private static final int SIZE = 9000;

  /** Slow enough that a whole scan takes many seconds; tells how far it came. */
  public static final class SlowScript extends MockScriptPlugin {
    private final AtomicInteger runs = new AtomicInteger();
    private volatile CountDownLatch started = new CountDownLatch(1);

    @Override
    protected Map<String, Function<Map<String, Object>, Object>> pluginScripts() {
      return Map.of(
          "slow",
          vars -> {
            runs.incrementAndGet();
            started.countDown();
            try {
              Thread.sleep(1);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return true;
          });
    }
  }

  @Override
  protected Collection<Class<? extends Plugin>> getPlugins() {
    return List.of(AffinityPlugin.class, SlowScript.class);
  }

  private SlowScript script() {
    return getInstanceFromNode(org.opensearch.plugins.PluginsService.class)
        .filterPlugins(SlowScript.class)
        .get(0);
  }

  @Override
  public void setUp() throws Exception {
    super.setUp();
    createIndex("items", Settings.builder().put("index.affinity", true).build());
    client()
        .admin()
        .indices()
        .preparePutMapping("items")
        .setSource(
            "{\"properties\": {\"v\": {\"type\": \"embedding\", \"dimension\": 2}}}",
            MediaTypeRegistry.JSON)
        .get();
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < SIZE; i++) {
      bulk.add(
          client()
              .prepareIndex("items")
              .setSource(Map.of("v", new float[] {randomFloat(), randomFloat()})));
    }
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
    client().admin().indices().prepareForceMerge("items").setMaxNumSegments(1).get();
    client().admin().indices().prepareRefresh("items").get();
  }

  private static QueryBuilder slow() {
    return QueryBuilders.scriptQuery(
        new Script(ScriptType.INLINE, MockScriptPlugin.NAME, "slow", Map.of()));
  }

  private static QueryBuilder nearest(Extent extent, boolean exact) {
    return new NearestQueryBuilder(
        "v",
        AffinityQueryTestCase.given(0.5f, 0.5f),
        extent,
        new SearchParameters(MethodParameters.DEFAULT, null, exact),
        slow(),
        false);
  }

  private static List<QueryBuilder> longOnes() {
    return List.of(
        nearest(new Extent(10, null, null), true),
        nearest(new Extent(10, null, null), false),
        nearest(new Extent(null, 0.1f, null), false),
        new BlendQueryBuilder(
            slow(),
            RelevanceClause.DEFAULT,
            List.of(new AffinityClause("v", AffinityQueryTestCase.given(0.5f, 0.5f), 1, null, 0)),
            List.of(),
            null,
            false));
  }

  public void testTimeoutEndsASearch() {
    for (QueryBuilder query : longOnes()) {
      script().runs.set(0);
      SearchResponse response =
          client()
              .prepareSearch("items")
              .setQuery(query)
              .setTimeout(TimeValue.timeValueMillis(100))
              .get();
      assertTrue("timed out", response.isTimedOut());
      assertTrue("runs " + script().runs, script().runs.get() < SIZE);
    }
  }

  public void testCancellationEndsASearch() throws Exception {
    for (QueryBuilder query : longOnes()) {
      script().runs.set(0);
      script().started = new CountDownLatch(1);
      SearchRequestBuilder search = client().prepareSearch("items").setQuery(query);
      ActionFuture<SearchResponse> running = search.execute();
      assertTrue(script().started.await(60, TimeUnit.SECONDS));
      CancelTasksResponse cancelled =
          client().admin().cluster().prepareCancelTasks().setActions(SearchAction.NAME).get();
      assertFalse(cancelled.getTasks().isEmpty());
      Exception e = expectThrows(Exception.class, running::actionGet);
      assertTrue(e.toString(), e.toString().contains("cancel") || hasCause(e, "cancel"));
      assertTrue("runs " + script().runs, script().runs.get() < SIZE);
    }
  }

  private static boolean hasCause(Throwable e, String words) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (String.valueOf(t).contains(words)) {
        return true;
      }
    }
    return false;
  }
}

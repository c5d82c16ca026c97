/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opensearch.action.admin.indices.recovery.RecoveryResponse;
import org.opensearch.action.admin.indices.shrink.ResizeType;
import org.opensearch.action.support.ActiveShardCount;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.core.xcontent.MediaType;
import org.opensearch.indices.recovery.RecoveryState;
import org.opensearch.plugins.Plugin;
import org.opensearch.search.SearchHit;
import org.opensearch.test.InternalTestCluster;
import org.opensearch.test.OpenSearchIntegTestCase;

/** Several nodes: every copy of a document is the same, however it came to be there. */
@OpenSearchIntegTestCase.ClusterScope(
    scope = OpenSearchIntegTestCase.Scope.TEST,
    numDataNodes = 0,
    supportsDedicatedMasters = false,
    autoManageMasterNodes = true)
public class DerivedSourceClusterTests extends OpenSearchIntegTestCase {

  private final Map<String, String> documents = new HashMap<>();

  @Override
  protected Collection<Class<? extends Plugin>> nodePlugins() {
    return List.of(AffinityPlugin.class);
  }

  private void create(int shards, int replicas, Settings more) {
    prepareCreate("books")
        .setSettings(
            Settings.builder()
                .put("index.affinity", true)
                .put("index.number_of_shards", shards)
                .put("index.number_of_replicas", replicas)
                .put("index.refresh_interval", "-1")
                .put("index.unassigned.node_left.delayed_timeout", "0s")
                .put(more))
        .setMapping(
            "{\"properties\": {\"n\": {\"type\": \"integer\"}, \"taste\": {\"type\": \"embedding\","
                + " \"dimension\": 4, \"space_type\": \"cosinesimil\"}, \"parts\": {\"type\":"
                + " \"nested\", \"properties\": {\"taste\": {\"type\": \"embedding\","
                + " \"dimension\": 2}}}}}")
        .setWaitForActiveShards(ActiveShardCount.ALL)
        .get();
  }

  /** Indexes documents, with spellings that are not kept, and updates and deletes a few. */
  private void index(int from, int to) {
    for (int i = from; i < to; i++) {
      String id = Integer.toString(i);
      String rest = ",\"parts\":[{\"taste\":[0.5," + i + ".0]},{},{\"taste\":[" + i + ".5,1.0]}]}";
      boolean spelled = i % 3 == 0;
      String numbers = spelled ? "[ 1 , 2.50, -3e0," + i + "]" : "[1.0,2.5,-3.0," + i + ".0]";
      client()
          .prepareIndex("books")
          .setId(id)
          .setSource("{\"n\":" + i + ",\"taste\":" + numbers + rest, XContentType.JSON)
          .get();
      documents.put(id, "{\"n\":" + i + ",\"taste\":[1.0,2.5,-3.0," + i + ".0]" + rest);
      if (i % 10 == 7) {
        client().prepareDelete("books", id).get();
        documents.remove(id);
      }
      if (i % 9 == 4) {
        refresh("books");
      }
    }
  }

  private void assertWhole(String index) {
    refresh(index);
    for (Map.Entry<String, String> document : documents.entrySet()) {
      assertEquals(
          document.getValue(),
          client().prepareGet(index, document.getKey()).get().getSourceAsString());
    }
    for (String node : internalCluster().getDataNodeNames()) {
      SearchHit[] hits =
          client()
              .prepareSearch(index)
              .setSize(1000)
              .setFetchSource(new String[] {"*"}, null)
              .setPreference("_prefer_nodes:" + nodeId(node))
              .get()
              .getHits()
              .getHits();
      assertEquals(documents.size(), hits.length);
      for (SearchHit hit : hits) {
        Map<String, Object> expected =
            org.opensearch.common.xcontent.XContentHelper.convertToMap(
                    new org.opensearch.core.common.bytes.BytesArray(documents.get(hit.getId())),
                    false,
                    (MediaType) XContentType.JSON)
                .v2();
        assertEquals(expected, hit.getSourceAsMap());
      }
    }
  }

  private static String nodeId(String name) {
    return internalCluster().clusterService(name).localNode().getId();
  }

  private static String primaryNode() {
    String id =
        internalCluster()
            .clusterService()
            .state()
            .routingTable()
            .index("books")
            .shard(0)
            .primaryShard()
            .currentNodeId();
    return internalCluster().clusterService().state().nodes().get(id).getName();
  }

  public void testRecoveriesAndPromotion() throws Exception {
    internalCluster().startNodes(2);
    create(1, 1, Settings.EMPTY);
    index(0, 40);
    assertWhole("books");
    // Operations from the index, for a replica that was away.
    String primary = primaryNode();
    String replica =
        internalCluster().getDataNodeNames().stream()
            .filter(n -> !n.equals(primary))
            .findFirst()
            .get();
    client().admin().indices().prepareFlush("books").get();
    internalCluster()
        .restartNode(
            replica,
            new InternalTestCluster.RestartCallback() {
              @Override
              public Settings onNodeStopped(String name) {
                index(40, 60);
                return Settings.EMPTY;
              }
            });
    ensureGreen("books");
    RecoveryResponse recoveries = client().admin().indices().prepareRecoveries("books").get();
    List<RecoveryState> peers =
        recoveries.shardRecoveryStates().get("books").stream()
            .filter(state -> !state.getPrimary())
            .toList();
    assertEquals(1, peers.size());
    assertTrue(
        "operations, not files: " + peers.get(0),
        peers.get(0).getTranslog().recoveredOperations() > 0);
    assertWhole("books");
    // The replica becomes the primary, and a new node gets files.
    internalCluster().stopRandomNode(InternalTestCluster.nameFilter(primaryNode()));
    ensureYellow("books");
    index(60, 75);
    internalCluster().startNode();
    ensureGreen("books");
    assertWhole("books");
    // The translog, for a node that stopped hard enough to need it.
    index(75, 85);
    internalCluster().fullRestart();
    ensureGreen("books");
    assertWhole("books");
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    assertWhole("books");
  }

  public void testSegmentReplication() throws Exception {
    internalCluster().startNodes(2);
    create(1, 1, Settings.builder().put("index.replication.type", "SEGMENT").build());
    index(0, 50);
    refresh("books");
    assertBusy(() -> assertWhole("books"));
    internalCluster().stopRandomNode(InternalTestCluster.nameFilter(primaryNode()));
    ensureYellow("books");
    index(50, 60);
    assertWhole("books");
  }

  public void testResizeAndSnapshot() throws Exception {
    internalCluster().startNode();
    create(2, 0, Settings.builder().put("index.number_of_routing_shards", 8).build());
    index(0, 60);
    client()
        .admin()
        .indices()
        .prepareUpdateSettings("books")
        .setSettings(Settings.builder().put("index.blocks.write", true))
        .get();
    for (ResizeType type : ResizeType.values()) {
      String target = "books-" + type.name().toLowerCase(java.util.Locale.ROOT);
      int shards =
          switch (type) {
            case SHRINK -> 1;
            case CLONE -> 2;
            case SPLIT -> 4;
          };
      client()
          .admin()
          .indices()
          .prepareResizeIndex("books", target)
          .setResizeType(type)
          .setSettings(
              Settings.builder()
                  .put("index.number_of_shards", shards)
                  .put("index.number_of_replicas", 0)
                  .putNull("index.blocks.write")
                  .build())
          .get();
      ensureGreen(target);
      assertWhole(target);
      client().admin().indices().prepareForceMerge(target).setMaxNumSegments(1).get();
      assertWhole(target);
    }
    client()
        .admin()
        .cluster()
        .preparePutRepository("backup")
        .setType("fs")
        .setSettings(Settings.builder().put("location", randomRepoPath()))
        .get();
    client()
        .admin()
        .cluster()
        .prepareCreateSnapshot("backup", "one")
        .setIndices("books")
        .setWaitForCompletion(true)
        .get();
    client()
        .admin()
        .cluster()
        .prepareRestoreSnapshot("backup", "one")
        .setRenamePattern("books")
        .setRenameReplacement("restored")
        .setWaitForCompletion(true)
        .get();
    ensureGreen("restored");
    assertWhole("restored");
    assertWhole("books");
  }
}

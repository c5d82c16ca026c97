/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.action.FailedNodeException;
import org.opensearch.action.support.IndicesOptions;
import org.opensearch.cluster.ClusterName;
import org.opensearch.cluster.node.DiscoveryNode;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.common.xcontent.XContentFactory;
import org.opensearch.core.action.support.DefaultShardOperationFailedException;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.core.xcontent.ToXContent;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.tasks.CancellableTask;
import org.opensearch.test.OpenSearchTestCase;

/** Requests and responses over the wire, and responses as JSON. */
public class MessageTests extends OpenSearchTestCase {

  private static final ShardId SHARD = new ShardId("books", "uuid", 3);

  public void testRequests() throws IOException {
    IndexStatsRequest stats = new IndexStatsRequest("a", "b*");
    stats.indicesOptions(IndicesOptions.lenientExpandOpen());
    IndexStatsRequest statsCopy = copy(stats, IndexStatsRequest::new);
    assertArrayEquals(stats.indices(), statsCopy.indices());
    assertEquals(stats.indicesOptions(), statsCopy.indicesOptions());

    NodesStatsRequest nodes = new NodesStatsRequest("n1", "data:true").timeout("7s");
    NodesStatsRequest nodesCopy = copy(nodes, NodesStatsRequest::new);
    assertArrayEquals(nodes.nodesIds(), nodesCopy.nodesIds());
    assertEquals(TimeValue.timeValueSeconds(7), nodesCopy.timeout());
    copy(new NodeStatsRequest(), NodeStatsRequest::new);

    for (boolean raw : new boolean[] {true, false}) {
      WarmupRequest warmup = copy(new WarmupRequest(raw, "books"), WarmupRequest::new);
      assertEquals(raw, warmup.raw());
      assertArrayEquals(new String[] {"books"}, warmup.indices());
      WarmupShardRequest shard =
          copy(new WarmupShardRequest(SHARD, warmup), WarmupShardRequest::new);
      assertEquals(raw, shard.raw());
      assertEquals(SHARD, shard.shardId());
      assertArrayEquals(new String[] {"books"}, shard.indices());
    }
  }

  public void testTasksAreCancellableAndSayWhatTheyDo() {
    WarmupRequest request = new WarmupRequest(true, "books", "films");
    WarmupTask task =
        (WarmupTask) request.createTask(1, "transport", "a", TaskId.EMPTY_TASK_ID, Map.of());
    assertEquals("warmup of [books,films], raw vectors too", task.getDescription());
    assertTrue(task.shouldCancelChildrenOnCancellation());
    task.check();
    task.cancel("by request");
    TaskCancelledException e = expectThrows(TaskCancelledException.class, task::check);
    assertThat(e.getMessage(), containsString("by request"));
    CancellableTask shard =
        (CancellableTask)
            new WarmupShardRequest(SHARD, request)
                .createTask(2, "transport", "a", TaskId.EMPTY_TASK_ID, Map.of());
    assertEquals("warmup of [books][3], raw vectors too", shard.getDescription());
  }

  public void testIndexStatsResponse() throws IOException {
    IndexStatsResponse response =
        new IndexStatsResponse(5, 3, RandomStats.shards(), List.of(failure()));
    IndexStatsResponse copy = copy(response, IndexStatsResponse::new);
    assertEquals(response.shards(), copy.shards());
    assertEquals(json(response), json(copy));
    assertThat(
        json(copy), containsString("\"_shards\":{\"total\":5,\"successful\":3,\"failed\":1"));
  }

  public void testNodesStatsResponse() throws IOException {
    DiscoveryNode node = new DiscoveryNode("n", buildNewFakeTransportAddress(), Version.CURRENT);
    NodesStatsResponse response =
        new NodesStatsResponse(
            new ClusterName("c"),
            List.of(new NodeStats(node, "vector512", RandomStats.shards())),
            List.of(new FailedNodeException("x", "no", new IOException("gone"))));
    NodesStatsResponse copy = copy(response, NodesStatsResponse::new);
    assertEquals(response.getNodes().get(0).shards(), copy.getNodes().get(0).shards());
    assertEquals("vector512", copy.getNodes().get(0).kernels());
    assertEquals(1, copy.failures().size());
  }

  public void testWarmupResponse() throws IOException {
    WarmupShardResponse shard =
        new WarmupShardResponse(
            SHARD,
            "n1",
            true,
            new Touched(10, Tally.of("codes", 2048)),
            TimeValue.timeValueMillis(1500));
    WarmupResponse response = new WarmupResponse(3, List.of(shard), List.of(failure()));
    WarmupResponse copy = copy(response, WarmupResponse::new);
    assertEquals(json(response), json(copy));
    assertThat(
        json(copy),
        containsString(
            "\"indices\":{\"books\":[{\"shard\":3,\"primary\":true,\"node\":\"n1\",\"vectors\":10,"
                + "\"bytes\":{\"codes\":\"2kb\",\"codes_in_bytes\":2048,\"total\":\"2kb\","
                + "\"total_in_bytes\":2048},\"took\":\"1.5s\",\"took_in_millis\":1500}]}"));
    assertThat(
        json(copy), containsString("\"_shards\":{\"total\":3,\"successful\":1,\"failed\":1"));
  }

  private static DefaultShardOperationFailedException failure() {
    return new DefaultShardOperationFailedException("books", 1, new IllegalStateException("no"));
  }

  private <T extends Writeable> T copy(T message, Writeable.Reader<T> reader) throws IOException {
    return copyWriteable(message, writableRegistry(), reader);
  }

  private static String json(ToXContent response) throws IOException {
    XContentBuilder builder = XContentFactory.jsonBuilder().humanReadable(true);
    response.toXContent(builder, ToXContent.EMPTY_PARAMS);
    return builder.toString();
  }
}

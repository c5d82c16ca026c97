/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import static org.hamcrest.Matchers.containsString;

import org.opensearch.ExceptionsHelper;
import org.opensearch.OpenSearchTimeoutException;
import org.opensearch.action.NoShardAvailableActionException;
import org.opensearch.action.RoutingMissingException;
import org.opensearch.core.concurrency.OpenSearchRejectedExecutionException;
import org.opensearch.core.index.Index;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.index.IndexNotFoundException;
import org.opensearch.indices.IndexClosedException;
import org.opensearch.test.OpenSearchTestCase;
import org.opensearch.transport.RemoteTransportException;

public class FetchFailureTests extends OpenSearchTestCase {

  public void testWhatAPersonMustChangeIsA400() {
    assertExplained(new IndexNotFoundException("readers"), 400, "there is no index [readers]");
    assertExplained(
        new RemoteTransportException("node", new IndexClosedException(new Index("readers", "u"))),
        400,
        "is closed");
    assertExplained(
        new RoutingMissingException("readers", "ann"), 400, "[ann]; set [routing_field]");
    assertExplained(new IllegalArgumentException("two indices"), 400, "two indices");
  }

  public void testWhatMayWorkLaterIsA429OrA503() {
    assertExplained(new OpenSearchRejectedExecutionException("queue is full"), 429, "queue");
    assertExplained(new OpenSearchTimeoutException("after 30s"), 503, "after 30s; try again");
    assertExplained(
        new NoShardAvailableActionException(new ShardId("readers", "u", 0)), 503, "try again");
    assertExplained(new NullPointerException("oops"), 503, "oops");
  }

  private static void assertExplained(Exception e, int status, String words) {
    Exception explained = FetchFailure.explain(e, "readers");
    assertEquals(status, ExceptionsHelper.status(explained).getStatus());
    assertThat(explained.getMessage(), containsString(words));
    assertThat(explained.getMessage(), containsString("[readers]"));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.List;
import org.opensearch.core.common.Strings;
import org.opensearch.rest.BaseRestHandler;
import org.opensearch.rest.RestRequest;
import org.opensearch.rest.action.RestActions;
import org.opensearch.transport.client.node.NodeClient;

/** {@code GET /_plugins/_affinity/stats[/{node}]}. */
final class RestNodesStatsAction extends BaseRestHandler {

  @Override
  public String getName() {
    return "affinity_nodes_stats";
  }

  @Override
  public List<Route> routes() {
    return List.of(
        new Route(RestRequest.Method.GET, "/_plugins/_affinity/stats"),
        new Route(RestRequest.Method.GET, "/_plugins/_affinity/stats/{node}"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
    NodesStatsRequest stats =
        new NodesStatsRequest(Strings.splitStringByCommaToArray(request.param("node")));
    stats.timeout(request.param("timeout"));
    return channel ->
        client.execute(
            AdminActions.NODES_STATS,
            stats,
            new RestActions.NodesResponseRestListener<NodesStatsResponse>(channel));
  }

  @Override
  public boolean canTripCircuitBreaker() {
    return false;
  }
}

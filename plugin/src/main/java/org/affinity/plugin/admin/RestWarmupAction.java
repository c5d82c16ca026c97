/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.List;
import org.opensearch.action.support.IndicesOptions;
import org.opensearch.core.common.Strings;
import org.opensearch.rest.BaseRestHandler;
import org.opensearch.rest.RestRequest;
import org.opensearch.rest.action.RestToXContentListener;
import org.opensearch.tasks.LoggingTaskListener;
import org.opensearch.transport.client.node.NodeClient;

/** {@code POST /{index}/_affinity/warmup}. */
final class RestWarmupAction extends BaseRestHandler {

  @Override
  public String getName() {
    return "affinity_warmup";
  }

  @Override
  public List<Route> routes() {
    return List.of(new Route(RestRequest.Method.POST, "/{index}/_affinity/warmup"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
    WarmupRequest warmup =
        new WarmupRequest(
            request.paramAsBoolean("raw", false),
            Strings.splitStringByCommaToArray(request.param("index")));
    warmup.indicesOptions(IndicesOptions.fromRequest(request, warmup.indicesOptions()));
    if (request.paramAsBoolean("wait_for_completion", true)) {
      return channel ->
          client.execute(AdminActions.WARMUP, warmup, new RestToXContentListener<>(channel));
    }
    return sendTask(
        client.getLocalNodeId(),
        client.executeLocally(
            AdminActions.WARMUP, warmup.storeResult(true), LoggingTaskListener.instance()));
  }
}

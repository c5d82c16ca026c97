/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import org.opensearch.action.support.nodes.BaseNodesRequest;
import org.opensearch.core.common.io.stream.StreamInput;

/** Asks nodes, all or those that a filter names, for their embedding fields. */
final class NodesStatsRequest extends BaseNodesRequest<NodesStatsRequest> {

  NodesStatsRequest(String... nodes) {
    super(nodes);
  }

  NodesStatsRequest(StreamInput in) throws IOException {
    super(in);
  }
}

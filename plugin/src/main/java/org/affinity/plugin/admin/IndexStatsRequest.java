/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import org.opensearch.action.support.broadcast.BroadcastRequest;
import org.opensearch.core.common.io.stream.StreamInput;

/** Asks for the embedding fields of indices. */
final class IndexStatsRequest extends BroadcastRequest<IndexStatsRequest> {

  IndexStatsRequest(String... indices) {
    super(indices);
  }

  IndexStatsRequest(StreamInput in) throws IOException {
    super(in);
  }
}

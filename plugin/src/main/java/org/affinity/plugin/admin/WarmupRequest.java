/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.Map;
import org.opensearch.action.support.broadcast.BroadcastRequest;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.tasks.Task;

/** Asks to read what searches of embedding fields will read. */
final class WarmupRequest extends BroadcastRequest<WarmupRequest> {

  private final boolean raw;

  /** Not sent: only the node that was asked keeps the result. */
  private boolean storeResult;

  /**
   * @param raw whether to read raw vectors of segments that have codes as well
   */
  WarmupRequest(boolean raw, String... indices) {
    super(indices);
    this.raw = raw;
  }

  WarmupRequest(StreamInput in) throws IOException {
    super(in);
    raw = in.readBoolean();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    super.writeTo(out);
    out.writeBoolean(raw);
  }

  boolean raw() {
    return raw;
  }

  WarmupRequest storeResult(boolean store) {
    this.storeResult = store;
    return this;
  }

  @Override
  public boolean getShouldStoreResult() {
    return storeResult;
  }

  @Override
  public String getDescription() {
    return "warmup of [" + String.join(",", indices) + "]" + (raw ? ", raw vectors too" : "");
  }

  @Override
  public Task createTask(
      long id, String type, String action, TaskId parent, Map<String, String> headers) {
    return new WarmupTask(id, type, action, getDescription(), parent, headers);
  }
}

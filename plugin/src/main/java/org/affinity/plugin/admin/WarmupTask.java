/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.util.Map;
import org.opensearch.core.tasks.TaskCancelledException;
import org.opensearch.core.tasks.TaskId;
import org.opensearch.tasks.CancellableTask;

/** A warmup, or its part on one shard; cancelled with its parent. */
final class WarmupTask extends CancellableTask {

  WarmupTask(
      long id,
      String type,
      String action,
      String description,
      TaskId parent,
      Map<String, String> headers) {
    super(id, type, action, description, parent, headers);
  }

  /**
   * Returns while the warmup is wanted.
   *
   * @throws TaskCancelledException once it was cancelled
   */
  void check() {
    if (isCancelled()) {
      throw new TaskCancelledException("warmup was cancelled: " + getReasonCancelled());
    }
  }

  @Override
  public boolean shouldCancelChildrenOnCancellation() {
    return true;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;

/** Asked now and then during long work. */
@FunctionalInterface
interface AbortCheck {

  AbortCheck NEVER = () -> {};

  /** Throws if the work is no longer wanted. */
  void check() throws IOException;
}

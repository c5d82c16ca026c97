/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;

/** A load, or a request of it, that cannot go on; the message says why and what to change. */
public final class LoadException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With what went wrong. */
  public LoadException(String message) {
    super(message);
  }

  /** With what went wrong, and its cause. */
  public LoadException(String message, Throwable cause) {
    super(message, cause);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

/** Who asks an index: our query, or the peer's own. */
enum Form {
  /** {@code NearestQuery}: searches for candidates and scores them exactly. */
  NEAREST,
  /** What users of the library call, rescored exactly where codes are lossy. */
  PLAIN
}

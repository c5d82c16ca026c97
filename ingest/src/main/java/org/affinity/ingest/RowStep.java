/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/** Changes a row between its source and the server, or rejects it. */
@FunctionalInterface
public interface RowStep {
  /** The row as it goes on; a rejection keeps the row's number. */
  Row apply(Row.Accepted row);
}

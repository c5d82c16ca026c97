/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/** One row of a source: either an embedding, or the reason why it is none. */
public sealed interface Row {
  /** The row's number in its source, from 1; a line number where rows are lines. */
  long number();

  /**
   * A row that can be sent.
   *
   * @param number the row's number
   * @param embedding what it holds
   */
  record Accepted(long number, Embedding embedding) implements Row {}

  /**
   * A row that cannot be read, or that the server refused. It does not end a load.
   *
   * @param number the row's number
   * @param id its id, or null where even that could not be read
   * @param reason why, in words
   */
  record Rejected(long number, String id, String reason) implements Row {}
}

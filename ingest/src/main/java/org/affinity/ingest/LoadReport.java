/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/**
 * What a finished load did.
 *
 * @param skipped rows that an earlier run had settled
 * @param read rows read in this run
 * @param loaded documents the server acknowledged
 * @param created how many of these were new; the others replaced or changed a document
 * @param rejected rows rejected, by the reader or by the server
 * @param seconds how long it took
 */
public record LoadReport(
    long skipped, long read, long loaded, long created, long rejected, double seconds) {
  /** Documents loaded per second. */
  public double rate() {
    return seconds > 0 ? loaded / seconds : 0;
  }
}

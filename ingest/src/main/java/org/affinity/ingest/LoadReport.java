/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/**
 * What one run of a load did.
 *
 * @param skipped rows passed over because an earlier run had settled them
 * @param read rows read in this run
 * @param documents what the server said of them
 * @param rejected rows rejected, by the reader or by the server, those unmatched among them
 * @param seconds how long it took
 */
public record LoadReport(long skipped, long read, Tally documents, long rejected, double seconds) {
  /** Documents stored. */
  public long loaded() {
    return documents.loaded();
  }

  /** How many of these were new; the others replaced or changed a document. */
  public long created() {
    return documents.created();
  }

  /** Documents loaded per second. */
  public double rate() {
    return seconds > 0 ? loaded() / seconds : 0;
  }
}

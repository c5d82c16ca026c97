/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

/**
 * What an export did.
 *
 * @param exported vectors written
 * @param skipped documents without a vector
 * @param seconds how long it took
 */
public record ExportReport(long exported, long skipped, double seconds) {
  /** Vectors per second. */
  public double rate() {
    return seconds > 0 ? exported / seconds : 0;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/**
 * How to cut a load into requests.
 *
 * @param batchBytes a request is sent when it is this long
 * @param batchDocs or when it has this many documents
 * @param inFlight how many requests may wait for their answers at once; the reader pauses then
 * @param mode what to do where a document is there, or is not
 * @param retry what to do when the server is busy
 */
public record BulkOptions(
    int batchBytes, int batchDocs, int inFlight, WriteMode mode, RetryPolicy retry) {
  /** 5 MiB, 5,000 documents, two requests at once, whole documents. */
  public static final BulkOptions DEFAULT =
      new BulkOptions(5 << 20, 5_000, 2, WriteMode.REPLACE, RetryPolicy.DEFAULT);

  /** Refuses values out of range. */
  public BulkOptions {
    require(batchBytes >= 1 && batchBytes <= 100 << 20, "batch bytes are from 1 to 104857600");
    require(batchDocs >= 1 && batchDocs <= 100_000, "batch documents are from 1 to 100000");
    require(inFlight >= 1 && inFlight <= 64, "requests in flight are from 1 to 64");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}

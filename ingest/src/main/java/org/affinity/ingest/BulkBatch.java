/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One bulk request's documents, already written, and the span of source rows it settles.
 *
 * @param documents what to send, in order
 * @param unreadable rows of the span that were rejected before they could be sent
 * @param lastRow the last row of the span
 * @param position how far the source was read when the batch was closed
 */
record BulkBatch(
    List<Document> documents, List<Row.Rejected> unreadable, long lastRow, long position) {

  /**
   * A document as it stands in the request.
   *
   * @param row its row in the source
   * @param id its id
   * @param vector its vector
   * @param lines the action line and the source line, both with their ends
   */
  @SuppressWarnings("ArrayRecordComponent") // private to the loader, never compared
  record Document(long row, String id, float[] vector, byte[] lines) {}

  /** The ids of its documents. */
  Set<String> ids() {
    Set<String> ids = new HashSet<>();
    for (Document document : documents) {
      ids.add(document.id());
    }
    return ids;
  }

  /** The body of a request for some documents. */
  static byte[] body(List<Document> documents) {
    int length = 0;
    for (Document document : documents) {
      length += document.lines().length;
    }
    byte[] body = new byte[length];
    int at = 0;
    for (Document document : documents) {
      System.arraycopy(document.lines(), 0, body, at, document.lines().length);
      at += document.lines().length;
    }
    return at == length ? body : Arrays.copyOf(body, at);
  }
}

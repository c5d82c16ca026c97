/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads rows into batches, each full by bytes or by number, or the last. */
final class BatchBuilder {
  private final EmbeddingReader reader;
  private final DocumentWriter writer;
  private final BulkOptions options;
  private long lastRow;
  private long read;
  private long skipped;

  BatchBuilder(EmbeddingReader reader, DocumentWriter writer, BulkOptions options) {
    this.reader = reader;
    this.writer = writer;
    this.options = options;
  }

  /** Passes over rows up to and with a number, which an earlier run has settled. */
  void skipTo(long row) throws IOException {
    while (lastRow < row) {
      Optional<Row> next = reader.next();
      if (next.isEmpty()) {
        return;
      }
      lastRow = next.get().number();
      skipped++;
    }
  }

  /** The next batch, or nothing when the source is at its end. */
  Optional<BulkBatch> next() throws IOException {
    List<BulkBatch.Document> documents = new ArrayList<>();
    List<Row.Rejected> unreadable = new ArrayList<>();
    long bytes = 0;
    while (bytes < options.batchBytes()
        && documents.size() + unreadable.size() < options.batchDocs()) {
      Optional<Row> row = reader.next();
      if (row.isEmpty()) {
        break;
      }
      read++;
      lastRow = row.get().number();
      switch (row.get()) {
        case Row.Accepted accepted -> {
          try {
            BulkBatch.Document document = writer.write(lastRow, accepted.embedding());
            bytes += document.lines().length;
            documents.add(document);
          } catch (JsonProcessingException e) {
            unreadable.add(unwritable(accepted, e));
          }
        }
        case Row.Rejected rejected -> unreadable.add(rejected);
      }
    }
    return documents.isEmpty() && unreadable.isEmpty()
        ? Optional.empty()
        : Optional.of(new BulkBatch(documents, unreadable, lastRow, reader.position()));
  }

  /** What can be read, but not written: an update nests a row one level deeper than the limit. */
  private static Row.Rejected unwritable(Row.Accepted row, JsonProcessingException e) {
    return new Row.Rejected(
        row.number(), row.embedding().id(), "cannot be written as JSON: " + e.getOriginalMessage());
  }

  /** Rows read for batches, without the skipped ones. */
  long read() {
    return read;
  }

  long skipped() {
    return skipped;
  }
}

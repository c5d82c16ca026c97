/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Rows on their way to the server: measured as they come, then changed step by step. */
public final class ShapedRows implements EmbeddingReader {
  private final EmbeddingReader source;
  private final List<RowStep> steps;
  private final RowStatistics statistics;

  /**
   * Of a source, which this closes.
   *
   * @param source the rows
   * @param steps what is done to them, in order, until one rejects the row
   * @param statistics is told of vectors before the steps and of ids after them
   */
  public ShapedRows(EmbeddingReader source, List<RowStep> steps, RowStatistics statistics) {
    this.source = source;
    this.steps = List.copyOf(steps);
    this.statistics = statistics;
  }

  @Override
  public Optional<Row> next() throws IOException {
    return source.next().map(this::shape);
  }

  private Row shape(Row row) {
    if (!(row instanceof Row.Accepted accepted)) {
      return row;
    }
    statistics.vector(accepted.embedding().vector());
    Row.Accepted shaped = accepted;
    for (RowStep step : steps) {
      switch (step.apply(shaped)) {
        case Row.Accepted next -> shaped = next;
        case Row.Rejected rejected -> {
          return rejected;
        }
      }
    }
    statistics.id(shaped.embedding().id());
    return shaped;
  }

  @Override
  public long position() {
    return source.position();
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowCheck;

/** Vectors and their names, row by row. */
final class PairedReader implements EmbeddingReader {
  private final VectorRows vectors;
  private final RowNames names;
  private final RowCheck check;
  private long number;

  /** Takes over both: closes them with itself. */
  PairedReader(VectorRows vectors, RowNames names, int dimension) {
    this.vectors = vectors;
    this.names = names;
    this.check = new RowCheck(dimension);
  }

  @Override
  public Optional<Row> next() throws IOException {
    Optional<float[]> vector = vectors.next();
    if (vector.isEmpty()) {
      return Optional.empty();
    }
    number++;
    RowName name = names.next().orElseThrow(this::tooFew);
    if (name.fault() != null) {
      return Optional.of(new Row.Rejected(number, null, name.fault()));
    }
    return Optional.of(check.check(number, name.id(), vector.get(), name.fields()));
  }

  private LoadException tooFew() {
    return new LoadException(
        "the ids end at row %,d and there are more vectors; were they changed meanwhile?"
            .formatted(number - 1));
  }

  @Override
  public long position() {
    return vectors.position();
  }

  @Override
  public long length() {
    return vectors.length();
  }

  @Override
  public void close() throws IOException {
    try {
      vectors.close();
    } finally {
      names.close();
    }
  }
}

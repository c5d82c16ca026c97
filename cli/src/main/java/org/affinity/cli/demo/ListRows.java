/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.Row;

/** A list read as rows. */
final class ListRows<T> implements EmbeddingReader {
  private final List<T> list;
  private final Function<T, Embedding> toEmbedding;
  private int read;

  ListRows(List<T> list, Function<T, Embedding> toEmbedding) {
    this.list = list;
    this.toEmbedding = toEmbedding;
  }

  @Override
  public Optional<Row> next() {
    if (read == list.size()) {
      return Optional.empty();
    }
    Embedding embedding = toEmbedding.apply(list.get(read++));
    return Optional.of(new Row.Accepted(read, embedding));
  }

  @Override
  public long position() {
    return read;
  }

  @Override
  public long length() {
    return list.size();
  }

  @Override
  public void close() {
    read = list.size();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowCheck;

/** The rows of a table. A row's number is that of the line in which it starts. */
final class CsvReader implements EmbeddingReader {
  private final SourceFile file;
  private final CsvRecords records;
  private final Optional<RowNames> list;
  private final CsvLayout layout;
  private final VectorText numbers = new VectorText();
  private final RowCheck check;
  private boolean pending;

  private CsvReader(
      SourceFile file,
      CsvRecords records,
      Optional<RowNames> list,
      EmbeddingSource source,
      CsvOptions options)
      throws IOException {
    this.file = file;
    this.records = records;
    this.list = list;
    this.check = new RowCheck(source.dimension());
    this.pending = records.advance();
    List<String> names = List.of();
    if (pending && CsvHeader.is(records, source, options)) {
      names = CsvHeader.names(records);
      this.pending = records.advance();
    }
    if (!pending) {
      throw new LoadException(file.path() + " has no rows");
    }
    this.layout = CsvLayout.of(source, options, names, counts());
    requireId(source, names);
  }

  static CsvReader open(EmbeddingSource source, CsvOptions options, byte delimiter)
      throws IOException {
    Optional<RowNames> list = Optional.empty();
    if (source.ids().isPresent()) {
      list = Optional.of(RowNames.open(source, () -> count(source, options, delimiter)));
    }
    SourceFile file = SourceFile.open(source.path());
    try {
      CsvRecords records = new CsvRecords(file.content(), delimiter);
      return new CsvReader(file, records, list, source, options);
    } catch (IOException e) {
      file.close();
      if (list.isPresent()) {
        list.get().close();
      }
      throw e instanceof LoadException ? e : broken(source, 1, e);
    }
  }

  private static long count(EmbeddingSource source, CsvOptions options, byte delimiter)
      throws IOException {
    long count = 0;
    try (SourceFile file = SourceFile.open(source.path())) {
      CsvRecords records = new CsvRecords(file.content(), delimiter);
      boolean header = false;
      while (records.advance()) {
        header |= count == 0 && CsvHeader.is(records, source, options);
        count++;
      }
      return header ? count - 1 : count;
    } catch (IOException e) {
      throw broken(source, count + 1, e);
    }
  }

  private static IOException broken(EmbeddingSource source, long row, IOException e) {
    if (e instanceof EOFException) {
      return new IOException(
          "%s: the file is cut short after row %,d".formatted(source.path(), row - 1), e);
    }
    return new IOException(source.path() + ", " + e.getMessage(), e);
  }

  private List<Integer> counts() {
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      counts.add(numbers.count(records.bytes(), records.start(i), records.end(i)));
    }
    return counts;
  }

  /** A table of nothing but fractions has no ids; its first numbers would be taken for them. */
  private void requireId(EmbeddingSource source, List<String> names) throws LoadException {
    if (layout.id() < 0 || names.contains(source.idField())) {
      return;
    }
    String first = text(layout.id()).orElse("");
    if (first.matches("\\s*[-+]?\\d*\\.\\d*([eE][-+]?\\d+)?\\s*") && !first.isBlank()) {
      throw new LoadException(
          "%s seems to have no ids: the first row starts with %s; say --ids FILE, or --id-field"
              .formatted(file.path(), first.strip()));
    }
  }

  @Override
  public Optional<Row> next() throws IOException {
    if (!pending && !advance()) {
      return Optional.empty();
    }
    pending = false;
    Optional<RowName> listed = Optional.empty();
    if (list.isPresent()) {
      listed = Optional.of(listed(list.get()));
    }
    long number = records.line();
    if (records.fault() != null) {
      return rejected(number, null, records.fault());
    }
    if (records.size() != layout.columns()) {
      String reason = "%,d columns instead of %,d".formatted(records.size(), layout.columns());
      return rejected(number, listed.map(RowName::id).orElse(null), reason);
    }
    return row(number, listed.isPresent() ? listed.get() : name());
  }

  private Optional<Row> row(long number, RowName name) {
    if (name.fault() != null) {
      return rejected(number, null, name.fault());
    }
    Map<String, Object> fields = new LinkedHashMap<>(name.fields());
    String fault = takeFields(fields);
    if (fault != null) {
      return rejected(number, name.id(), fault);
    }
    try {
      return Optional.of(check.check(number, name.id(), vector(), fields));
    } catch (NumberFormatException e) {
      return rejected(number, name.id(), e.getMessage());
    }
  }

  private static Optional<Row> rejected(long number, String id, String reason) {
    return Optional.of(new Row.Rejected(number, id == null || id.isEmpty() ? null : id, reason));
  }

  private boolean advance() throws IOException {
    try {
      return records.advance();
    } catch (EOFException e) {
      throw new IOException(
          "%s, line %,d: the file is cut short".formatted(file.path(), records.line()), e);
    } catch (IOException e) {
      throw new IOException(file.path() + ", " + e.getMessage(), e);
    }
  }

  private RowName listed(RowNames names) throws IOException {
    return names
        .next()
        .orElseThrow(
            () -> new LoadException("the ids end before the rows; were they changed meanwhile?"));
  }

  private RowName name() {
    return text(layout.id())
        .map(id -> RowName.of(id.strip()))
        .orElseGet(() -> RowName.faulty("the id is not UTF-8"));
  }

  /** Takes what else has a name and is not empty; gives the reason why that cannot be, or null. */
  private String takeFields(Map<String, Object> fields) {
    for (int i = 0; i < records.size(); i++) {
      if (layout.isField(i) && records.end(i) > records.start(i)) {
        Optional<String> value = text(i);
        if (value.isEmpty()) {
          return "column '" + layout.names().get(i) + "' is not UTF-8";
        }
        fields.put(layout.names().get(i), value.get());
      }
    }
    return null;
  }

  private Optional<String> text(int column) {
    return Utf8.decode(records.bytes(), records.start(column), records.end(column));
  }

  private float[] vector() {
    int from = layout.vectorFrom();
    if (layout.isOneColumn()) {
      return numbers.parse(records.bytes(), records.start(from), records.end(from));
    }
    float[] vector = new float[layout.vectorTo() - from + 1];
    for (int i = 0; i < vector.length; i++) {
      int column = from + i;
      vector[i] = numbers.number(records.bytes(), records.start(column), records.end(column), i);
    }
    return vector;
  }

  @Override
  public long position() {
    return file.position();
  }

  @Override
  public long length() {
    return file.length();
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      if (list.isPresent()) {
        list.get().close();
      }
    }
  }
}

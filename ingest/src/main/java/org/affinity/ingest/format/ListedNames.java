/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.LoadException;

/**
 * Names in a text file: one per line, or, where the first line has tabs, a table with a header, as
 * TensorFlow's projector reads it. The table's other columns become fields of the document.
 */
final class ListedNames implements RowNames {
  private static final int LONGEST_LINE = 1 << 20;

  private final SourceFile source;
  private final ByteLines lines;
  private final List<String> header;
  private final int idColumn;
  private boolean atFirst;

  private ListedNames(SourceFile source, String idField) throws IOException {
    this.source = source;
    this.lines = new ByteLines(source.content(), LONGEST_LINE);
    this.atFirst = lines.advance();
    this.header = atFirst ? header(lines) : List.of();
    this.idColumn = header.isEmpty() ? 0 : idColumn(idField);
    if (!header.isEmpty()) {
      atFirst = false;
    }
  }

  static ListedNames open(Path file, String idField) throws IOException {
    SourceFile source = SourceFile.open(file);
    try {
      return new ListedNames(source, idField);
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  /** How many names a file has. */
  static long count(Path file) throws IOException {
    try (SourceFile source = SourceFile.open(file)) {
      ByteLines lines = new ByteLines(source.content(), LONGEST_LINE);
      long count = 0;
      boolean table = false;
      while (lines.advance()) {
        table |= count == 0 && hasTab(lines);
        count++;
      }
      return table ? count - 1 : count;
    }
  }

  private static List<String> header(ByteLines first) {
    return hasTab(first) ? columns(text(first).orElse("")) : List.of();
  }

  private static boolean hasTab(ByteLines line) {
    return new String(line.bytes(), 0, line.length(), java.nio.charset.StandardCharsets.ISO_8859_1)
            .indexOf('\t')
        >= 0;
  }

  private static List<String> columns(String line) {
    return new ArrayList<>(Arrays.asList(line.split("\t", -1)));
  }

  /** The column of that name; the first where nobody chose another than the default. */
  private int idColumn(String idField) throws IOException {
    int column = header.indexOf(idField);
    if (column < 0 && !idField.equals("id")) {
      throw new LoadException(
          "%s has no column '%s'; it has %s"
              .formatted(source.path(), idField, String.join(", ", header)));
    }
    return Math.max(0, column);
  }

  @Override
  public Optional<RowName> next() throws IOException {
    if (atFirst) {
      atFirst = false;
    } else if (!lines.advance()) {
      return Optional.empty();
    }
    return Optional.of(name());
  }

  private RowName name() {
    String where = "of %s at byte %,d".formatted(source.path().getFileName(), lines.start());
    if (lines.tooLong()) {
      return RowName.faulty("the line " + where + " is longer than " + LONGEST_LINE + " bytes");
    }
    Optional<String> text = text(lines);
    if (text.isEmpty()) {
      return RowName.faulty("the id is not UTF-8: the line " + where);
    }
    if (header.isEmpty()) {
      return RowName.of(text.get().strip());
    }
    List<String> columns = columns(text.get());
    if (columns.size() != header.size()) {
      return RowName.faulty(
          "the line %s has %,d columns instead of %,d"
              .formatted(where, columns.size(), header.size()));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (i != idColumn && !header.get(i).isBlank() && !columns.get(i).isEmpty()) {
        fields.put(header.get(i).strip(), columns.get(i));
      }
    }
    return new RowName(columns.get(idColumn).strip(), fields, null);
  }

  private static Optional<String> text(ByteLines line) {
    return Utf8.decode(line.bytes(), 0, line.length());
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.affinity.ingest.Embedding;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowStep;

/**
 * Gives rows the ids of documents: a file of pairs, packed (gzip, zstd) or not, the id in the
 * source first, the document's id second, with a tab between them or, where the first line has no
 * tab, a comma. Fields with commas stand in double quotes. There is no line of headings. A row
 * whose id is not there is rejected.
 */
public final class IdMap implements RowStep {
  private static final int LONGEST_LINE = 1 << 16;
  private static final int LONGEST_ID = 512;

  private final String name;
  private final StringTable ids;

  private IdMap(String name, StringTable ids) {
    this.name = name;
    this.ids = ids;
  }

  /**
   * Reads a map into memory.
   *
   * @param file the file
   * @param limit how many bytes of memory it may take: the ids' bytes, four more for a pair, and 8
   *     to 16 for its place in a table
   * @throws IOException if it cannot be read, a line is no pair, an id is mapped twice, or it is
   *     larger than the limit; with the line's number
   */
  public static IdMap read(Path file, long limit) throws IOException {
    StringTable ids = new StringTable(limit);
    try (SourceFile source = SourceFile.open(file)) {
      ByteLines lines = new ByteLines(source.content(), LONGEST_LINE);
      PairLine pairs = null;
      for (long number = 1; lines.advance(); number++) {
        if (lines.isBlank()) {
          continue;
        }
        if (lines.tooLong()) {
          throw fault(file, number, "longer than " + LONGEST_LINE + " bytes");
        }
        String line = new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
        if (pairs == null) {
          pairs = PairLine.like(line);
        }
        put(ids, pairs, line, file, number);
      }
    }
    if (ids.size() == 0) {
      throw new LoadException(file + " maps no id");
    }
    return new IdMap(String.valueOf(file.getFileName()), ids);
  }

  private static void put(StringTable ids, PairLine pairs, String line, Path file, long number)
      throws LoadException {
    try {
      PairLine.Pair pair = pairs.parse(line);
      byte[] to = pair.second().getBytes(StandardCharsets.UTF_8);
      if (pair.first().isEmpty() || to.length == 0) {
        throw new IllegalArgumentException("an id is empty");
      }
      if (to.length > LONGEST_ID) {
        throw new IllegalArgumentException("the document's id is over " + LONGEST_ID + " bytes");
      }
      String old = ids.get(pair.first());
      if (old != null && !old.equals(pair.second())) {
        throw new IllegalArgumentException(
            "'%s' is mapped to '%s' here and to '%s' before"
                .formatted(pair.first(), pair.second(), old));
      }
      if (old == null && !ids.put(pair.first(), pair.second())) {
        throw new IllegalArgumentException(
            "the map needs more than %,d bytes of memory; give more with AFFINITY_JAVA_OPTS=-Xmx…"
                .formatted(ids.limit()));
      }
    } catch (IllegalArgumentException e) {
      throw fault(file, number, e.getMessage());
    }
  }

  private static LoadException fault(Path file, long line, String what) {
    return new LoadException("%s, line %,d: %s; nothing was loaded".formatted(file, line, what));
  }

  /** How many ids are mapped. */
  public int size() {
    return ids.size();
  }

  @Override
  public Row apply(Row.Accepted row) {
    Embedding embedding = row.embedding();
    String id = ids.get(embedding.id());
    return id == null
        ? new Row.Rejected(row.number(), embedding.id(), "its id has no entry in " + name)
        : new Row.Accepted(row.number(), new Embedding(id, embedding.vector(), embedding.fields()));
  }
}

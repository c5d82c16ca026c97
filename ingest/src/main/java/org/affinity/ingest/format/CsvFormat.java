/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/**
 * Tables of text: CSV, TSV, and what TensorFlow's projector reads, whose vectors have their ids in
 * a second file. The vector is in one column, or in one column per number.
 */
public final class CsvFormat implements EmbeddingFormat {
  private final CsvOptions options;

  /** Tells everything by the first records. */
  public CsvFormat() {
    this(CsvOptions.NONE);
  }

  /** Takes what is known. */
  public CsvFormat(CsvOptions options) {
    this.options = options;
  }

  @Override
  public String label() {
    return "csv";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    Sample sample = Sample.of(path);
    if (!sample.isText()) {
      return false;
    }
    List<String> lines = sample.lines();
    Optional<Byte> delimiter = delimiter(lines);
    return delimiter.isPresent() && isTable(lines, delimiter.get());
  }

  /** True if most records have as many columns, at least two, and most hold numbers. */
  private static boolean isTable(List<String> lines, byte delimiter) throws IOException {
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    CsvRecords records = new CsvRecords(new ByteArrayInputStream(text), delimiter);
    VectorText numbers = new VectorText();
    Map<Integer, Integer> sizes = new HashMap<>();
    int all = 0;
    int withNumbers = 0;
    try {
      while (records.advance()) {
        all++;
        sizes.merge(records.size(), 1, Integer::sum);
        int last = records.size() - 1;
        boolean holds = false;
        for (int i = 0; i <= last && !holds; i++) {
          holds = numbers.count(records.bytes(), records.start(i), records.end(i)) > 0;
        }
        withNumbers += holds ? 1 : 0;
      }
    } catch (IOException e) {
      return false; // a quote that is not closed: it may be within the next lines, or no table
    }
    sizes.remove(1);
    int most = sizes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return most > 0 && 2 * most >= all && 2 * withNumbers >= all;
  }

  private Optional<Byte> delimiter(List<String> lines) {
    if (options.delimiter().isPresent()) {
      return Optional.of((byte) options.delimiter().get().charValue());
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String first = firstRecord(String.join("\n", lines));
    Optional<Byte> tab = firstOutsideQuotes(first, "\t");
    if (tab.isPresent()) {
      return tab;
    }
    Optional<Byte> other = firstOutsideQuotes(first, ",;|");
    if (other.isPresent()) {
      return other;
    }
    byte[] bytes = first.getBytes(StandardCharsets.UTF_8);
    return new VectorText().count(bytes, 0, bytes.length) > 1
        ? Optional.of((byte) ' ')
        : Optional.empty();
  }

  private static String firstRecord(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      quoted ^= text.charAt(i) == '"';
      if (!quoted && text.charAt(i) == '\n') {
        return text.substring(0, i);
      }
    }
    return text;
  }

  private static Optional<Byte> firstOutsideQuotes(String line, String candidates) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      quoted ^= c == '"';
      if (!quoted && candidates.indexOf(c) >= 0) {
        return Optional.of((byte) c);
      }
    }
    return Optional.empty();
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    byte delimiter =
        delimiter(Sample.of(source.path()).lines())
            .orElseThrow(
                () ->
                    new LoadException(
                        source.path()
                            + ": no columns are found in the first line; say --delimiter"));
    return CsvReader.open(source, options, delimiter);
  }
}

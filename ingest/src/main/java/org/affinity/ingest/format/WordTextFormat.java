/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/**
 * word2vec's text form, with a header line or without it: also fastText's {@code .vec}, GloVe, and
 * what node2vec writes.
 */
public final class WordTextFormat implements EmbeddingFormat {
  @Override
  public String label() {
    return "word2vec";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    Sample sample = Sample.of(path);
    if (!sample.isText()) {
      return false;
    }
    List<String> lines = sample.lines();
    if (lines.isEmpty()) {
      return false;
    }
    if (hasHeader(lines)) {
      return lines.size() == 1 || endsInNumbers(lines.get(1), 1);
    }
    List<String> rows = lines.stream().filter(line -> endsInNumbers(line, 2)).toList();
    return 2 * rows.size() >= lines.size()
        && rows.stream().noneMatch(line -> line.indexOf('\t') >= 0)
        && rows.stream().filter(WordTextFormat::startsLikeNoWord).count() < (rows.size() + 1) / 2;
  }

  /** Two whole numbers, unless all lines are such pairs: words of one number. */
  private static boolean hasHeader(List<String> lines) {
    Optional<WordHeader> header = WordHeader.parse(lines.getFirst());
    if (header.isEmpty() || tokens(lines.getFirst()) != 2) {
      return false;
    }
    return lines.size() < 3
        || header.get().dimension() == 1
        || lines.stream().anyMatch(line -> tokens(line) != 2);
  }

  private static int tokens(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return WordLine.tokens(bytes, bytes.length);
  }

  /** True if a line has spaces, and its last parts, after the first, are numbers. */
  private static boolean endsInNumbers(String line, int atLeast) {
    String[] parts = line.strip().split(" +");
    if (parts.length <= atLeast) {
      return false;
    }
    for (int i = parts.length - atLeast; i < parts.length; i++) {
      if (!isNumber(parts[i])) {
        return false;
      }
    }
    return true;
  }

  /** A column and a number, as in CSV; or a fraction, as in a table without ids. */
  private static boolean startsLikeNoWord(String line) {
    String first = line.strip().split(" ", 2)[0];
    return first.matches(".+[,;|][\"\\[(]*[-+]?[0-9.][0-9.eE+-]*")
        || (isNumber(first) && !first.matches("[-+]?\\d+"));
  }

  private static boolean isNumber(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new DecimalParser().isNumber(bytes, 0, bytes.length);
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Ids.refuse(source, "word2vec's words are the ids");
    List<String> lines = Sample.of(source.path()).lines();
    SourceFile file = SourceFile.open(source.path());
    try {
      Optional<Integer> found =
          !lines.isEmpty() && !hasHeader(lines) ? Optional.of(dimension(lines)) : Optional.empty();
      return new WordTextReader(
          file, file.content(), WordTextReader.Words.PLAIN, found, source.dimension());
    } catch (IOException e) {
      file.close();
      throw new LoadException(source.path() + ": " + e.getMessage(), e);
    }
  }

  /** The dimension that most lines have: single words may have spaces, single rows be too short. */
  private static int dimension(List<String> lines) throws IOException {
    Map<Integer, Integer> times = new HashMap<>();
    lines.forEach(line -> times.merge(tokens(line) - 1, 1, Integer::sum));
    List<Integer> often = new ArrayList<>(new TreeMap<>(times).keySet());
    int most = often.stream().mapToInt(times::get).max().orElse(0);
    int dimension = often.stream().filter(each -> times.get(each) == most).findFirst().orElse(0);
    return Shape.dimension(dimension);
  }
}

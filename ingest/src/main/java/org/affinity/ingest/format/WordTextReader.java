/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowCheck;

/**
 * Lines of a word and its numbers: word2vec's text form, fastText's {@code .vec}, GloVe, and the
 * text in a DL4J archive. A row's number is its line's. A file with fewer rows than its header
 * promises was cut short, which is an error; more are read like the others.
 */
final class WordTextReader implements EmbeddingReader {
  private static final int LONGEST_LINE = 4 << 20;

  /** How words are written. */
  enum Words {
    /** As they are. */
    PLAIN,
    /** DL4J's: {@code B64:} and base64, or as they are. */
    BASE64
  }

  private final SourceFile source;
  private final ByteLines lines;
  private final Words words;
  private final Optional<WordHeader> header;
  private final WordLine line;
  private final RowCheck check;
  private boolean atFirst;
  private long number;
  private long rows;

  /**
   * Reads a text from where a stream is.
   *
   * @param source the file; closed with this
   * @param in its text
   * @param found the dimension of a text without a header
   * @param dimension what every vector must have, or 0
   */
  WordTextReader(
      SourceFile source, InputStream in, Words words, Optional<Integer> found, int dimension)
      throws IOException {
    this.source = source;
    this.lines = new ByteLines(in, LONGEST_LINE);
    this.words = words;
    this.check = new RowCheck(dimension);
    this.atFirst = advance();
    this.header =
        found.isPresent() || !atFirst
            ? Optional.empty()
            : WordHeader.parse(lines.bytes(), lines.length());
    if (header.isPresent()) {
      atFirst = false;
    }
    this.line = new WordLine(dimension(found));
  }

  private int dimension(Optional<Integer> found) throws IOException {
    if (header.isPresent()) {
      return header.get().checkedDimension();
    }
    return found.orElseThrow(
        () -> new LoadException("it does not start with the number of rows and the dimension"));
  }

  @Override
  public Optional<Row> next() throws IOException {
    while (atFirst || advance()) {
      atFirst = false;
      if (lines.tooLong()) {
        rows++;
        return Optional.of(
            new Row.Rejected(number, null, "line longer than " + LONGEST_LINE + " bytes"));
      }
      if (!lines.isBlank()) {
        rows++;
        return Optional.of(parse());
      }
    }
    if (header.isPresent() && rows < header.get().rows()) {
      throw new IOException(
          "%s is cut short: its header promises %,d rows, and there are %,d"
              .formatted(source.path(), header.get().rows(), rows));
    }
    return Optional.empty();
  }

  private boolean advance() throws IOException {
    try {
      boolean there = lines.advance();
      number += there ? 1 : 0;
      return there;
    } catch (IOException e) {
      String why = e instanceof EOFException ? "the file is cut short" : e.getMessage();
      throw new IOException("%s, line %,d: %s".formatted(source.path(), number + 1, why), e);
    }
  }

  private Row parse() {
    float[] vector = line.parse(lines.bytes(), lines.length());
    Optional<String> word = Utf8.decode(lines.bytes(), line.wordFrom(), line.wordTo());
    if (word.isEmpty()) {
      return new Row.Rejected(
          number, null, "the word is not UTF-8 (at byte %,d)".formatted(lines.start()));
    }
    String id = word.get();
    if (words == Words.BASE64 && id.regionMatches(true, 0, "B64:", 0, 4)) {
      Optional<String> decoded = fromBase64(id.substring(4));
      if (decoded.isEmpty()) {
        return new Row.Rejected(number, id, "the word is not base64 of UTF-8");
      }
      id = decoded.get();
    }
    if (vector != null && words == Words.PLAIN && !lines.ended()) {
      return new Row.Rejected(
          number, id, "no line feed after the last number, which may be cut short");
    }
    return vector == null
        ? new Row.Rejected(number, id.isEmpty() ? null : id, line.fault())
        : check.check(number, id, vector, Map.of());
  }

  private static Optional<String> fromBase64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.strip().getBytes(StandardCharsets.ISO_8859_1));
      return Utf8.decode(bytes, 0, bytes.length);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
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

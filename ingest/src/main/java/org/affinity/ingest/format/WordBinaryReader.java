/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowCheck;
import org.affinity.ingest.VectorBytes;

/**
 * word2vec's binary form: a line with the number of rows and the dimension; then for each row the
 * word, a space, and the numbers as float32 little-endian. word2vec itself ends rows with a line
 * feed, gensim does not; both are read. Fewer rows than promised are an error, more are read too.
 */
final class WordBinaryReader implements EmbeddingReader {
  private static final int LONGEST_HEADER = 80;
  private static final int LONGEST_WORD = 1 << 14;

  private final SourceFile source;
  private final InputStream in;
  private final long promised;
  private final int vectorBytes;
  private final RowCheck check;
  private final byte[] word = new byte[LONGEST_WORD];
  private int wordLength;
  private long offset;
  private long number;

  /** Reads the header; closes the file with itself. */
  WordBinaryReader(SourceFile source, int dimension) throws IOException {
    this.source = source;
    this.in = source.content();
    WordHeader header = readHeader();
    this.promised = header.rows();
    this.vectorBytes = header.checkedDimension() * Float.BYTES;
    this.check = new RowCheck(dimension);
  }

  private WordHeader readHeader() throws IOException {
    byte[] line = new byte[LONGEST_HEADER];
    int length = 0;
    for (int b = in.read(); b != '\n' && length < line.length; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the file ends within the header");
      }
      line[length++] = (byte) b;
    }
    offset = length + 1L;
    return WordHeader.parse(line, length)
        .orElseThrow(
            () -> new IOException("it does not start with the number of rows and the dimension"));
  }

  @Override
  public Optional<Row> next() throws IOException {
    try {
      int first = firstOfWord();
      if (first < 0) {
        if (number < promised) {
          throw new EOFException();
        }
        return Optional.empty();
      }
      long start = offset;
      readWord(first);
      byte[] bytes = in.readNBytes(vectorBytes);
      if (bytes.length < vectorBytes) {
        throw new EOFException();
      }
      offset = start + wordLength + 1 + vectorBytes;
      number++;
      return Optional.of(row(start, bytes));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private Row row(long start, byte[] bytes) {
    Optional<String> id = Utf8.decode(word, 0, wordLength);
    if (id.isEmpty()) {
      return new Row.Rejected(number, null, "the word is not UTF-8 (at byte %,d)".formatted(start));
    }
    return check.check(number, id.get(), VectorBytes.decode(bytes), Map.of());
  }

  private int firstOfWord() throws IOException {
    int b = in.read();
    while (b == '\n') {
      offset++;
      b = in.read();
    }
    return b;
  }

  private void readWord(int first) throws IOException {
    wordLength = 0;
    for (int b = first; b != ' '; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (wordLength == word.length) {
        throw new IOException(
            "no space within %,d bytes: the rows do not have the dimension %,d of the header"
                .formatted(LONGEST_WORD, vectorBytes / Float.BYTES));
      }
      word[wordLength++] = (byte) b;
    }
  }

  private IOException broken(IOException e) {
    String why =
        e instanceof EOFException
            ? "the file is cut short; its header promises %,d rows".formatted(promised)
            : e.getMessage();
    return new IOException("%s, row %,d: %s".formatted(source.path(), number + 1, why), e);
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

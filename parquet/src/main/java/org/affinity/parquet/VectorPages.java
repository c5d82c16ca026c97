/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;

/**
 * The vectors of one column chunk in their order. A page is taken apart as a whole, levels and
 * numbers into arrays, which is what makes this several times as fast as a column reader that goes
 * from number to number.
 */
final class VectorPages {
  static final int LARGEST_DIMENSION = 1 << 16;

  private final ColumnDescriptor column;
  private final ColumnPages pages;
  private final int present;
  private final int listLevel;
  private final Dictionary dictionary;

  private int count;
  private int at;
  private byte[] repetition = new byte[0];
  private byte[] definition = new byte[0];
  private float[] numbers = new float[0];
  private int numberAt;
  private String fault;

  VectorPages(VectorColumn vectors, ColumnPages pages) throws IOException {
    this.column = vectors.numbers();
    this.pages = pages;
    this.present = column.getMaxDefinitionLevel();
    this.listLevel = vectors.listLevel();
    DictionaryPage page = pages.readDictionaryPage();
    this.dictionary = page == null ? null : page.getEncoding().initDictionary(column, page);
  }

  /** The next row's vector, or null where it has none, with {@link #fault()} then saying why. */
  float[] next() throws IOException {
    if (!more()) {
      throw new IOException(
          "column '%s' has fewer rows than its row group claims; the file is damaged"
              .formatted(column.getPath()[0]));
    }
    if (repetition[at] != 0) {
      throw new IOException(
          "column '%s' goes on with a row that did not begin; the file is damaged"
              .formatted(column.getPath()[0]));
    }
    int level = definition[at];
    if (level <= listLevel) {
      at++;
      fault = level < listLevel ? "the vector is null" : null;
      return level < listLevel ? null : new float[0];
    }
    fault = null;
    float[] vector = takeRun(new float[0]);
    while (at == count && more() && repetition[at] != 0) {
      vector = takeRun(vector); // a row that goes on in the next page
    }
    return fault == null ? vector : null;
  }

  String fault() {
    return fault;
  }

  /** True once every row was taken. */
  boolean isAtEnd() {
    return !more();
  }

  /** What this page holds of the row that stands first, behind what was taken of it before. */
  private float[] takeRun(float[] before) {
    int from = at++;
    while (at < count && repetition[at] != 0) {
      at++;
    }
    int here = at - from;
    int held = 0;
    for (int i = from; i < at; i++) {
      if (definition[i] == present) {
        held++;
      } else if (fault == null) {
        fault = "vector[" + (before.length + i - from) + "] is null";
      }
    }
    int first = numberAt;
    numberAt += held;
    if (before.length + (long) here > LARGEST_DIMENSION) {
      fault = "the vector has more than " + LARGEST_DIMENSION + " numbers";
    }
    if (fault != null) {
      return before;
    }
    if (before.length == 0) {
      return Arrays.copyOfRange(numbers, first, first + here);
    }
    float[] joined = Arrays.copyOf(before, before.length + here);
    System.arraycopy(numbers, first, joined, before.length, here);
    return joined;
  }

  private boolean more() {
    while (at == count) {
      DataPage page = pages.readPage();
      if (page == null) {
        return false;
      }
      try {
        load(page);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return true;
  }

  private void load(DataPage page) throws IOException {
    at = 0;
    numberAt = 0;
    count = page.getValueCount();
    if (repetition.length < count) {
      repetition = new byte[count];
      definition = new byte[count];
    }
    switch (page) {
      case DataPageV1 first -> {
        ByteBufferInputStream in = first.getBytes().toInputStream();
        levels(first.getRlEncoding(), ValuesType.REPETITION_LEVEL, in, repetition);
        levels(first.getDlEncoding(), ValuesType.DEFINITION_LEVEL, in, definition);
        numbers(first.getValueEncoding(), in);
      }
      case DataPageV2 second -> {
        levels(second.getRepetitionLevels(), column.getMaxRepetitionLevel(), repetition);
        levels(second.getDefinitionLevels(), present, definition);
        numbers(second.getDataEncoding(), second.getData().toInputStream());
      }
      default -> throw new IOException("a page of an unknown version");
    }
  }

  private void levels(Encoding encoding, ValuesType kind, ByteBufferInputStream in, byte[] into)
      throws IOException {
    ValuesReader reader = encoding.getValuesReader(column, kind);
    reader.initFromPage(count, in);
    for (int i = 0; i < count; i++) {
      into[i] = (byte) reader.readInteger();
    }
  }

  private void levels(BytesInput packed, int largest, byte[] into) throws IOException {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(largest);
    RunLengthBitPackingHybridDecoder reader =
        new RunLengthBitPackingHybridDecoder(bits, packed.toInputStream());
    for (int i = 0; i < count; i++) {
      into[i] = (byte) reader.readInt();
    }
  }

  private void numbers(Encoding encoding, ByteBufferInputStream in) throws IOException {
    int held = 0;
    for (int i = 0; i < count; i++) {
      held += definition[i] == present ? 1 : 0;
    }
    if (numbers.length < held) {
      numbers = new float[held];
    }
    boolean plain = encoding == Encoding.PLAIN;
    switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case FLOAT -> {
        if (plain) {
          little(in, held * (long) Float.BYTES).asFloatBuffer().get(numbers, 0, held);
        } else {
          ValuesReader reader = reader(encoding, in);
          for (int i = 0; i < held; i++) {
            numbers[i] = reader.readFloat();
          }
        }
      }
      case DOUBLE -> {
        ValuesReader reader = reader(encoding, in);
        for (int i = 0; i < held; i++) {
          numbers[i] = (float) reader.readDouble();
        }
      }
      default -> {
        ValuesReader reader = reader(encoding, in);
        for (int i = 0; i < held; i++) {
          ByteBuffer half = reader.readBytes().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
          numbers[i] = Float.float16ToFloat(half.getShort(half.position()));
        }
      }
    }
  }

  private ValuesReader reader(Encoding encoding, ByteBufferInputStream in) throws IOException {
    if (encoding.usesDictionary() && dictionary == null) {
      throw new IOException("a page needs a dictionary that is not there; the file is damaged");
    }
    ValuesReader reader =
        encoding.usesDictionary()
            ? encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, dictionary)
            : encoding.getValuesReader(column, ValuesType.VALUES);
    reader.initFromPage(count, in);
    return reader;
  }

  private static ByteBuffer little(ByteBufferInputStream in, long bytes) throws IOException {
    if (bytes > in.available()) {
      throw new IOException("a page is shorter than its numbers; the file is damaged");
    }
    return in.slice((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

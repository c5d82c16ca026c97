/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.affinity.ingest.LoadException;

/** Names in a NumPy array of one axis: text, bytes or whole numbers. */
final class NpyNames implements RowNames {
  private static final int LARGEST_ELEMENT = 1 << 16;

  private final SourceFile source;
  private final InputStream in;
  private final NpyHeader header;
  private final char kind;
  private final int width;
  private long number;

  /** Reads the array from where a stream is, behind its header; closes the file with itself. */
  NpyNames(SourceFile source, InputStream in, NpyHeader header) throws IOException {
    if (!header.isNames()) {
      throw new LoadException(
          "%s cannot hold the ids: it is %s, not one axis of text or whole numbers; "
                  .formatted(source.path(), header.inWords())
              + "export them with numpy.save(f, numpy.asarray(ids, dtype=str))");
    }
    String type = header.type().replaceFirst("^[<>=|]", "");
    this.source = source;
    this.in = in;
    this.header = header;
    this.kind = type.charAt(0);
    long size = Long.parseLong(type.substring(1)) * (kind == 'U' ? Integer.BYTES : 1);
    if (size > LARGEST_ELEMENT) {
      throw new LoadException(source.path() + ": ids of type " + type + " are too long");
    }
    this.width = (int) size;
  }

  static NpyNames open(Path file, Path vectors, long count) throws IOException {
    SourceFile source = SourceFile.open(file);
    try {
      NpyNames names = new NpyNames(source, source.content(), NpyHeader.read(source.content()));
      RowNames.requireAsMany(vectors, count, file, names.count());
      return names;
    } catch (LoadException e) {
      source.close();
      throw e;
    } catch (IOException e) {
      source.close();
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  long count() {
    return header.shape().getFirst();
  }

  @Override
  public Optional<RowName> next() throws IOException {
    if (number == count()) {
      return Optional.empty();
    }
    byte[] bytes = in.readNBytes(width);
    if (bytes.length < width) {
      throw new EOFException(
          "%s, id %,d: the file is cut short".formatted(source.path(), number + 1));
    }
    number++;
    return Optional.of(
        switch (kind) {
          case 'U' -> text(bytes);
          case 'S' -> utf8(bytes);
          default -> RowName.of(whole(bytes));
        });
  }

  private RowName text(byte[] bytes) {
    ByteBuffer codes = ByteBuffer.wrap(bytes).order(header.order());
    StringBuilder text = new StringBuilder();
    while (codes.hasRemaining()) {
      int code = codes.getInt();
      if (!Character.isValidCodePoint(code) || isSurrogate(code)) {
        return RowName.faulty(
            "the id is no Unicode text: id %,d of %s".formatted(number, source.path()));
      }
      text.appendCodePoint(code);
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return RowName.of(text.substring(0, end));
  }

  private static boolean isSurrogate(int code) {
    return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
  }

  private RowName utf8(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return Utf8.decode(bytes, 0, end)
        .map(RowName::of)
        .orElseGet(
            () ->
                RowName.faulty(
                    "the id is not UTF-8: id %,d of %s".formatted(number, source.path())));
  }

  private String whole(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(header.order());
    boolean signed = kind == 'i';
    return switch (width) {
      case 1 -> Integer.toString(signed ? in.get() : in.get() & 0xff);
      case 2 -> Integer.toString(signed ? in.getShort() : in.getShort() & 0xffff);
      case 4 -> Long.toString(signed ? in.getInt() : in.getInt() & 0xffffffffL);
      default -> signed ? Long.toString(in.getLong()) : Long.toUnsignedString(in.getLong());
    };
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}

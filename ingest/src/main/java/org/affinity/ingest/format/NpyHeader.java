/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a NumPy array file, versions 1 to 3: magic, version, length, and a Python dictionary
 * as text. See {@code numpy.lib.format}.
 *
 * @param type the element type, such as {@code <f4}; {@code [} for structures
 * @param columnMajor true for Fortran order
 * @param shape the lengths of the axes
 * @param bytes the size of the head itself
 */
record NpyHeader(String type, boolean columnMajor, List<Long> shape, int bytes) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** NumPy itself reads no more than 10,000 without being asked to. */
  private static final int LONGEST = 1 << 16;

  private static final Pattern TYPE = Pattern.compile("['\"]descr['\"]\\s*:\\s*(\\[|'[^']*')");
  private static final Pattern ORDER =
      Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([^)]*)\\)");

  static boolean opens(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Reads a header and nothing after it. */
  static NpyHeader read(InputStream in) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (!opens(start)) {
      throw new IOException("this is no NumPy array: it does not start with \\x93NUMPY");
    }
    if (start.length < MAGIC.length + 2) {
      throw new EOFException("the file ends within the header");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new IOException("NumPy's format version " + version + " is not known; 1 to 3 are");
    }
    int field = version == 1 ? 2 : 4;
    long length = length(in.readNBytes(field), field);
    if (length > LONGEST) {
      throw new IOException("it claims a header of %,d bytes".formatted(length));
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw new EOFException("the file ends within the header");
    }
    return parse(
        new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
        start.length + field + text.length);
  }

  private static long length(byte[] bytes, int size) throws EOFException {
    if (bytes.length < size) {
      throw new EOFException("the file ends within the header");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return size == 2 ? in.getShort() & 0xffff : in.getInt() & 0xffffffffL;
  }

  private static NpyHeader parse(String text, int bytes) throws IOException {
    String type = find(TYPE, text).replace("'", "");
    boolean columnMajor = find(ORDER, text).equals("True");
    try {
      List<Long> shape =
          Arrays.stream(find(SHAPE, text).split(","))
              .map(String::strip)
              .filter(each -> !each.isEmpty())
              .map(each -> Long.valueOf(each.replaceFirst("L$", "")))
              .toList();
      return new NpyHeader(type, columnMajor, shape, bytes);
    } catch (NumberFormatException e) {
      throw new IOException("its shape cannot be read: " + e.getMessage(), e);
    }
  }

  private static String find(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("its header cannot be read: " + text.strip());
    }
    return matcher.group(1);
  }

  /** True for two axes of floating-point numbers: vectors. */
  boolean isMatrix() {
    return shape.size() == 2 && type.matches("[<>=|]?f[248]");
  }

  /** True for one axis of text or whole numbers: ids. */
  boolean isNames() {
    return shape.size() == 1 && type.matches("[<>=|]?([US]\\d+|[iu][1248])");
  }

  /** The matrix that is claimed; throws where these are no vectors, saying what to do. */
  Matrix matrix() throws IOException {
    if (type.startsWith("[") || type.contains("O") || type.contains("V")) {
      throw new IOException(
          "its elements are objects or structures (%s), not numbers; ".formatted(type)
              + "export them with numpy.save(f, numpy.asarray(a.tolist(), dtype='float32'))");
    }
    if (!type.matches("[<>=|]?f[248]")) {
      throw new IOException(
          "its elements are %s, not f2, f4 or f8; ".formatted(type)
              + "export them with numpy.save(f, a.astype('float32'))");
    }
    if (shape.size() != 2) {
      throw new IOException(
          "it has %d axes, not rows and columns: shape %s".formatted(shape.size(), shape));
    }
    return Matrix.of(shape.get(0), shape.get(1), element(), columnMajor);
  }

  private ElementType element() {
    ElementType.Kind kind =
        switch (type.charAt(type.length() - 1)) {
          case '2' -> ElementType.Kind.FLOAT16;
          case '4' -> ElementType.Kind.FLOAT32;
          default -> ElementType.Kind.FLOAT64;
        };
    return new ElementType(kind, order());
  }

  /** The order of bytes; "=" is that of the machine, which nobody writes but NumPy allows. */
  ByteOrder order() {
    return switch (type.charAt(0)) {
      case '>' -> ByteOrder.BIG_ENDIAN;
      case '=' -> ByteOrder.nativeOrder();
      default -> ByteOrder.LITTLE_ENDIAN;
    };
  }

  /** What is there, in words. */
  String inWords() {
    return type + " " + shape.toString().replace('[', '(').replace(']', ')');
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.affinity.ingest.SampleFiles;

/** Writes every form from its published description, without the code that reads it. */
final class FormatFiles {
  private FormatFiles() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] word2vecText(List<String> words, float[][] vectors, boolean header) {
    StringBuilder out = new StringBuilder();
    if (header) {
      out.append(words.size()).append(' ').append(vectors[0].length).append('\n');
    }
    for (int i = 0; i < vectors.length; i++) {
      out.append(words.get(i));
      for (float v : vectors[i]) {
        out.append(' ').append(v);
      }
      out.append('\n');
    }
    return utf8(out.toString());
  }

  static byte[] word2vecBinary(List<String> words, float[][] vectors, boolean lineFeeds) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(utf8(words.size() + " " + vectors[0].length + "\n"));
    for (int i = 0; i < vectors.length; i++) {
      out.writeBytes(utf8(words.get(i) + " "));
      out.writeBytes(floats(vectors[i]));
      if (lineFeeds) {
        out.write('\n');
      }
    }
    return out.toByteArray();
  }

  private static byte[] floats(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : vector) {
      bytes.putFloat(v);
    }
    return bytes.array();
  }

  /** The head of an array, padded to 64 as NumPy does. */
  static byte[] npyHead(int version, String dictionary) {
    int field = version == 1 ? 2 : 4;
    int length = dictionary.length() + 1;
    length += (64 - (8 + field + length) % 64) % 64;
    ByteBuffer out = ByteBuffer.allocate(8 + field + length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put(utf8("NUMPY")).put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) length);
    } else {
      out.putInt(length);
    }
    out.put(utf8(dictionary));
    while (out.position() < out.capacity() - 1) {
      out.put((byte) ' ');
    }
    return out.put((byte) '\n').array();
  }

  static String dictionary(String type, boolean fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
        .formatted(type, fortran ? "True" : "False", shape);
  }

  /** An array of type such as {@code <f4}. */
  static byte[] npy(int version, String type, boolean fortran, float[][] vectors) {
    int columns = vectors[0].length;
    byte[] head = npyHead(version, dictionary(type, fortran, vectors.length + ", " + columns));
    int size = type.charAt(2) - '0';
    ByteBuffer out =
        ByteBuffer.allocate(head.length + vectors.length * columns * size)
            .order(type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .put(head);
    for (int i = 0; i < vectors.length * columns; i++) {
      float v =
          fortran
              ? vectors[i % vectors.length][i / vectors.length]
              : vectors[i / columns][i % columns];
      switch (size) {
        case 2 -> out.putShort(Float.floatToFloat16(v));
        case 4 -> out.putFloat(v);
        default -> out.putDouble(v);
      }
    }
    return out.array();
  }

  static byte[] npyTexts(List<String> texts, boolean big) {
    int width = texts.stream().mapToInt(t -> t.codePointCount(0, t.length())).max().orElse(1);
    byte[] head = npyHead(1, dictionary((big ? ">U" : "<U") + width, false, texts.size() + ","));
    ByteBuffer out =
        ByteBuffer.allocate(head.length + 4 * width * texts.size())
            .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .put(head);
    for (int i = 0; i < texts.size(); i++) {
      out.position(head.length + 4 * width * i);
      texts.get(i).codePoints().forEach(out::putInt);
    }
    return out.array();
  }

  static byte[] npyLongs(long... ids) {
    byte[] head = npyHead(1, dictionary("<i8", false, ids.length + ","));
    ByteBuffer out =
        ByteBuffer.allocate(head.length + 8 * ids.length).order(ByteOrder.LITTLE_ENDIAN).put(head);
    for (long id : ids) {
      out.putLong(id);
    }
    return out.array();
  }

  static byte[] zip(boolean stored, Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        if (stored) {
          CRC32 crc = new CRC32();
          crc.update(each.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(each.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(each.getValue());
      }
    }
    return bytes.toByteArray();
  }

  static byte[] npz(boolean stored, byte[] vectors, byte[] ids) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("vectors.npy", vectors);
    entries.put("ids.npy", ids);
    return zip(stored, entries);
  }

  static byte[] dl4j(List<String> words, float[][] vectors) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("syn0.txt", dl4jText(words, vectors));
    entries.put("config.json", utf8("{}"));
    return zip(false, entries);
  }

  static byte[] dl4jText(List<String> words, float[][] vectors) {
    StringBuilder out = new StringBuilder();
    out.append(words.size()).append(' ').append(vectors[0].length).append(" 7\n");
    for (int i = 0; i < vectors.length; i++) {
      out.append("B64:").append(Base64.getEncoder().encodeToString(utf8(words.get(i))));
      for (float v : vectors[i]) {
        out.append(' ').append((double) v);
      }
      out.append('\n');
    }
    return utf8(out.toString());
  }

  static byte[] csv(char delimiter, List<String> ids, float[][] vectors, boolean oneColumn) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < vectors.length; i++) {
      StringJoiner numbers = new StringJoiner(oneColumn ? " " : String.valueOf(delimiter));
      for (float v : vectors[i]) {
        numbers.add(Float.toString(v));
      }
      String id = "\"" + ids.get(i).replace("\"", "\"\"") + "\"";
      out.append(id).append(delimiter).append(numbers).append("\r\n");
    }
    return utf8(out.toString());
  }

  static byte[] jsonLines(List<String> ids, float[][] vectors) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < vectors.length; i++) {
      StringJoiner numbers = new StringJoiner(",");
      for (float v : vectors[i]) {
        numbers.add(Float.toString(v));
      }
      String id = ids.get(i).replace("\\", "\\\\").replace("\"", "\\\"");
      out.append("{\"id\":\"%s\",\"vector\":[%s]}%n".formatted(id, numbers));
    }
    return utf8(out.toString());
  }

  static byte[] fvecs(float[][] vectors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (float[] vector : vectors) {
      out.writeBytes(SampleFiles.fvecsRow(vector));
    }
    return out.toByteArray();
  }

  static byte[] safetensors(float[][] vectors) {
    int bytes = vectors.length * vectors[0].length * 4;
    byte[] json =
        utf8(
            String.format(
                Locale.ROOT,
                "{\"__metadata__\":{\"format\":\"pt\"},\"bias\":{\"dtype\":\"F32\",\"shape\":[1],"
                    + "\"data_offsets\":[0,4]},\"item.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],"
                    + "\"data_offsets\":[4,%d]}}",
                vectors.length,
                vectors[0].length,
                bytes + 4));
    ByteBuffer out =
        ByteBuffer.allocate(8 + json.length + 4 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length).put(json).putFloat(1);
    for (float[] vector : vectors) {
      out.put(floats(vector));
    }
    return out.array();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(content);
    }
    return out.toByteArray();
  }

  static byte[] zstd(byte[] content) {
    return Zstd.compress(content);
  }

  /** Reads a file, whatever it is, as somebody would who names nothing but it. */
  static List<Row> read(Path file) throws IOException {
    return read(EmbeddingSource.of(file));
  }

  static List<Row> read(EmbeddingSource source) throws IOException {
    try (EmbeddingReader reader = EmbeddingFormats.standard().detect(source.path()).open(source)) {
      return SampleFiles.readAll(reader);
    }
  }

  /** As many rows as can be read before the source breaks. */
  static List<Row> readUntilBroken(EmbeddingReader reader) {
    List<Row> rows = new ArrayList<>();
    try {
      for (var row = reader.next(); row.isPresent(); row = reader.next()) {
        rows.add(row.get());
      }
    } catch (IOException e) {
      return rows;
    }
    return rows;
  }

  static Path write(Path file, byte[] content) throws IOException {
    return Files.write(file, content);
  }
}

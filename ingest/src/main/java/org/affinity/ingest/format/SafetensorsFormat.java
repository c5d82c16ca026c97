/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/**
 * Safetensors: an 8-byte length, a JSON header that places the tensors, and their numbers, row by
 * row and little-endian. A tensor of two axes of F16, BF16, F32 or F64 is read. Ids come from a
 * list; without it a row's id is its number, from 1.
 */
public final class SafetensorsFormat implements EmbeddingFormat {
  private static final int LONGEST_HEADER = 16 << 20;

  private final NamesGiven given;

  /** Takes the tensor that is named, or else the only one there is. */
  public SafetensorsFormat() {
    this(NamesGiven.NONE);
  }

  /** Takes the tensor that was chosen. */
  public SafetensorsFormat(NamesGiven given) {
    this.given = given;
  }

  @Override
  public String label() {
    return "safetensors";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    byte[] head = Sample.of(path).bytes();
    if (head.length <= Long.BYTES || head[Long.BYTES] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length >= 2 && length <= LONGEST_HEADER;
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Path path = source.path();
    SourceFile file = SourceFile.open(path);
    try {
      Header header = Header.read(file);
      String name = choose(path, header.tensors(), source.vectorField());
      JsonNode tensor = header.tensors().get(name);
      Matrix matrix = matrix(tensor);
      long begin = tensor.path("data_offsets").path(0).asLong(-1);
      long end = tensor.path("data_offsets").path(1).asLong(-1);
      if (begin < 0 || end - begin != matrix.bytes()) {
        throw new IOException("tensor '" + name + "' has no place of its size in the file");
      }
      if (!file.isPacked() && end > file.length() - header.bytes()) {
        throw new EOFException();
      }
      RowNames names = RowNames.open(source, matrix::rows);
      try {
        file.content().skipNBytes(begin);
        return new PairedReader(
            new RowMajorRows(file, file.content(), matrix), names, source.dimension());
      } catch (IOException e) {
        names.close();
        throw e;
      }
    } catch (LoadException e) {
      file.close();
      throw e;
    } catch (IOException e) {
      file.close();
      String why = e instanceof EOFException ? "the file is cut short" : e.getMessage();
      throw new LoadException(path + ": " + why, e);
    }
  }

  /**
   * What stands before the numbers.
   *
   * @param tensors by name: type, shape and place
   * @param bytes its size
   */
  private record Header(JsonNode tensors, long bytes) {
    static Header read(SourceFile file) throws IOException {
      byte[] size = file.content().readNBytes(Long.BYTES);
      if (size.length < Long.BYTES) {
        throw new EOFException();
      }
      long length = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 2 || length > LONGEST_HEADER) {
        throw new IOException("it claims a header of %,d bytes".formatted(length));
      }
      byte[] json = file.content().readNBytes((int) length);
      if (json.length < length) {
        throw new EOFException();
      }
      try {
        return new Header(new JsonMapper().readTree(json), Long.BYTES + length);
      } catch (JsonProcessingException e) {
        throw new IOException("its header is no JSON: " + e.getOriginalMessage(), e);
      }
    }
  }

  private String choose(Path path, JsonNode header, String wanted) throws IOException {
    List<String> matrices = new ArrayList<>();
    header
        .properties()
        .forEach(
            each -> {
              if (each.getValue().path("shape").size() == 2) {
                matrices.add(each.getKey());
              }
            });
    if (matrices.contains(wanted)) {
      return wanted;
    }
    if (given.vectorField() || matrices.size() != 1) {
      throw new LoadException(
          "%s: say --vector-field with the name of a tensor of two axes; there are %s"
              .formatted(path, matrices.isEmpty() ? "none" : String.join(", ", matrices)));
    }
    return matrices.getFirst();
  }

  private static Matrix matrix(JsonNode tensor) throws IOException {
    String type = tensor.path("dtype").asText();
    ElementType.Kind kind =
        switch (type) {
          case "F16" -> ElementType.Kind.FLOAT16;
          case "BF16" -> ElementType.Kind.BFLOAT16;
          case "F32" -> ElementType.Kind.FLOAT32;
          case "F64" -> ElementType.Kind.FLOAT64;
          default ->
              throw new IOException("its numbers are " + type + ", not F16, BF16, F32 or F64");
        };
    JsonNode shape = tensor.path("shape");
    return Matrix.of(
        shape.path(0).asLong(-1),
        shape.path(1).asLong(-1),
        new ElementType(kind, ByteOrder.LITTLE_ENDIAN),
        false);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.Row;
import org.affinity.ingest.RowCheck;
import org.affinity.ingest.VectorBytes;

/**
 * JSON lines: one object per line, with an id (text or number) and a vector (an array of numbers,
 * or base64 of little-endian float32). All its other fields become fields of the document. Blank
 * lines are passed over; a row's number is its line's.
 */
public final class JsonLinesReader implements EmbeddingReader {
  private static final int LONGEST_LINE = 16 << 20;

  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private final SourceFile source;
  private final ByteLines lines;
  private final String idField;
  private final String vectorField;
  private final RowCheck check;
  private long number;

  /**
   * Opens a file, packed or not.
   *
   * @param file the file
   * @param idField the field that holds the id
   * @param vectorField the field that holds the vector
   * @param dimension what every vector must have, or 0: what the first has
   * @throws IOException if it cannot be opened
   */
  public JsonLinesReader(Path file, String idField, String vectorField, int dimension)
      throws IOException {
    this.source = SourceFile.open(file);
    this.lines = new ByteLines(source.content(), LONGEST_LINE);
    this.idField = idField;
    this.vectorField = vectorField;
    this.check = new RowCheck(dimension);
  }

  @Override
  public Optional<Row> next() throws IOException {
    while (advance()) {
      number++;
      if (lines.tooLong()) {
        return Optional.of(
            new Row.Rejected(number, null, "line longer than " + LONGEST_LINE + " bytes"));
      }
      if (!lines.isBlank()) {
        return Optional.of(parse());
      }
    }
    return Optional.empty();
  }

  private boolean advance() throws IOException {
    try {
      return lines.advance();
    } catch (IOException e) {
      throw new IOException(source.path() + ", line " + (number + 1) + ": " + e.getMessage(), e);
    }
  }

  private Row parse() {
    Draft draft = new Draft();
    try (JsonParser parser = mapper.createParser(lines.bytes(), 0, lines.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Row.Rejected(number, null, "not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        draft.take(name, parser);
      }
      if (parser.nextToken() != null) {
        return new Row.Rejected(number, draft.id, "more than one JSON object on the line");
      }
    } catch (JsonProcessingException e) {
      return new Row.Rejected(
          number, draft.id, "not JSON: " + withoutPlace(e.getOriginalMessage()));
    } catch (IOException e) { // the line is in memory: its encoding is at fault
      return new Row.Rejected(number, draft.id, "not JSON: " + e.getMessage());
    } catch (IllegalArgumentException | ArithmeticException e) {
      return new Row.Rejected(number, draft.id, "a number that cannot be read: " + e.getMessage());
    }
    return draft.toRow();
  }

  /** A parser's message without the place, which is a position in a buffer. */
  private static String withoutPlace(String message) {
    return message.replaceAll("\\s*\\(?[^(]*\\[Source:.*", "").strip();
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

  /** One line, half read. */
  private final class Draft {
    private String id;
    private float[] vector;
    private String fault;
    private final Map<String, Object> fields = new LinkedHashMap<>();

    void take(String name, JsonParser parser) throws IOException {
      if (name.equals(idField)) {
        takeId(parser);
      } else if (name.equals(vectorField)) {
        takeVector(parser);
      } else {
        fields.put(name, mapper.readValue(parser, Object.class));
      }
    }

    private void takeId(JsonParser parser) throws IOException {
      switch (parser.currentToken()) {
        case VALUE_STRING, VALUE_NUMBER_INT -> id = parser.getText();
        default -> {
          fail("the id in field '" + idField + "' is neither text nor a whole number");
          parser.skipChildren();
        }
      }
    }

    private void takeVector(JsonParser parser) throws IOException {
      switch (parser.currentToken()) {
        case VALUE_NULL -> fail("the vector in field '" + vectorField + "' is null");
        case VALUE_STRING -> {
          try {
            vector = VectorBytes.decodeBase64(parser.getText());
          } catch (IllegalArgumentException e) {
            fail("the vector in field '" + vectorField + "' is " + e.getMessage());
          }
        }
        case START_ARRAY -> vector = readArray(parser);
        default -> {
          fail("the vector in field '" + vectorField + "' is neither an array nor base64 text");
          parser.skipChildren();
        }
      }
    }

    private float[] readArray(JsonParser parser) throws IOException {
      float[] values = new float[128];
      int size = 0;
      for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
        if (t == null) {
          break; // the line ends within the array: the caller's next token reports it
        }
        if (!t.isNumeric()) {
          fail("vector[" + size + "] is not a number");
          parser.skipChildren();
        }
        if (size == values.length) {
          values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = t.isNumeric() ? parser.getFloatValue() : 0;
      }
      return Arrays.copyOf(values, size);
    }

    private void fail(String reason) {
      if (fault == null) {
        fault = reason;
      }
    }

    Row toRow() {
      if (fault != null) {
        return new Row.Rejected(number, id, fault);
      }
      if (id == null) {
        return new Row.Rejected(number, null, "no id: there is no field '" + idField + "'");
      }
      if (vector == null) {
        return new Row.Rejected(number, id, "no vector: there is no field '" + vectorField + "'");
      }
      return check.check(number, id, vector, fields);
    }
  }
}

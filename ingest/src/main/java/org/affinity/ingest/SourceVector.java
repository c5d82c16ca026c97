/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/**
 * Finds a vector in a document's {@code _source}: an array of numbers or base64 of little-endian
 * float32, under a name with dots that stands for objects, for dots in a name, or for both. Numbers
 * become float32 as the server's mapper makes them, through float64.
 */
public final class SourceVector {
  private final String field;

  /** Of a field by its full name. */
  public SourceVector(String field) {
    this.field = field;
  }

  /**
   * Reads an object to its end.
   *
   * @param parser stands on the object's start
   * @return the vector, or null where there is none
   * @throws IOException if the value is no vector, or there are several
   */
  public float[] read(JsonParser parser) throws IOException {
    return find(parser, "");
  }

  private float[] find(JsonParser parser, String prefix) throws IOException {
    float[] found = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String path = prefix + parser.currentName();
      parser.nextToken();
      if (path.equals(field)) {
        found = single(found, vector(parser));
      } else if (field.startsWith(path + ".")) {
        found = single(found, descend(parser, path + "."));
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private float[] descend(JsonParser parser, String prefix) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return find(parser, prefix);
    }
    float[] found = null;
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (JsonToken t = parser.nextToken();
          t != null && t != JsonToken.END_ARRAY;
          t = parser.nextToken()) {
        found = single(found, descend(parser, prefix));
      }
    }
    return found;
  }

  private float[] single(float[] one, float[] other) throws LoadException {
    if (one != null && other != null) {
      throw new LoadException("field '" + field + "' holds several vectors");
    }
    return one != null ? one : other;
  }

  private float[] vector(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> {
        try {
          yield VectorBytes.decodeBase64(parser.getText());
        } catch (IllegalArgumentException e) {
          throw new LoadException("field '" + field + "' is " + e.getMessage(), e);
        }
      }
      case START_ARRAY -> array(parser);
      default -> throw new LoadException("field '" + field + "' is no vector");
    };
  }

  private float[] array(JsonParser parser) throws IOException {
    float[] values = new float[128];
    int size = 0;
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t == null || !t.isNumeric()) {
        throw new LoadException("field '" + field + "'[" + size + "] is no number");
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = (float) parser.getDoubleValue();
    }
    return Arrays.copyOf(values, size);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an embedding as the two lines of a bulk action. The vector goes as base64 of little-endian
 * float32: 5.3 bytes a number, exact, and cheaper to parse than decimal text.
 */
final class DocumentWriter {
  private final JsonMapper mapper = new JsonMapper(new JsonFactory());
  private final List<String> fieldPath;
  private final boolean asUpdate;

  DocumentWriter(String field, boolean asUpdate) {
    this.fieldPath = List.of(field.split("\\.", -1));
    this.asUpdate = asUpdate;
  }

  BulkBatch.Document write(long row, Embedding embedding) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = mapper.createGenerator(out)) {
      json.writeStartObject();
      json.writeObjectFieldStart(asUpdate ? "update" : "index");
      json.writeStringField("_id", embedding.id());
      json.writeEndObject();
      json.writeEndObject();
      json.writeRaw('\n');
      json.setRootValueSeparator(null);
      if (asUpdate) {
        json.writeStartObject();
        json.writeFieldName("doc");
      }
      mapper.writeValue(json, source(embedding));
      if (asUpdate) {
        json.writeBooleanField("doc_as_upsert", true);
        json.writeEndObject();
      }
      json.writeRaw('\n');
    }
    return new BulkBatch.Document(row, embedding.id(), out.toByteArray());
  }

  private Map<String, Object> source(Embedding embedding) {
    Map<String, Object> source = new LinkedHashMap<>(embedding.fields());
    put(source, fieldPath, VectorBytes.encode(embedding.vector()));
    return source;
  }

  /** Puts a value at a path, beside what other fields may already hold there. */
  private static void put(Map<String, Object> into, List<String> path, Object value) {
    String name = path.getFirst();
    if (path.size() == 1) {
      into.put(name, value);
      return;
    }
    Map<String, Object> inner = new LinkedHashMap<>();
    if (into.get(name) instanceof Map<?, ?> there) {
      there.forEach((key, old) -> inner.put(String.valueOf(key), old));
    }
    put(inner, path.subList(1, path.size()), value);
    into.put(name, inner);
  }
}

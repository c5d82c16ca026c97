/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes an embedding as the two lines of a bulk action. The vector goes as base64 of little-endian
 * float32: 5.3 bytes a number, exact, and cheaper to parse than decimal text.
 */
final class DocumentWriter {
  /** How often the server repeats an update that met another writer of its document. */
  private static final int CONFLICTS = 3;

  private final JsonMapper mapper = new JsonMapper(new JsonFactory());
  private final FieldPath field;
  private final WriteMode mode;

  DocumentWriter(String field, WriteMode mode) {
    this.field = FieldPath.of(field);
    this.mode = mode;
  }

  BulkBatch.Document write(long row, Embedding embedding) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = mapper.createGenerator(out)) {
      json.writeStartObject();
      json.writeObjectFieldStart(mode.action());
      json.writeStringField("_id", embedding.id());
      if (mode.isUpdate()) {
        json.writeNumberField("retry_on_conflict", CONFLICTS);
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeRaw('\n');
      json.setRootValueSeparator(null);
      if (mode.isUpdate()) {
        json.writeStartObject();
        json.writeFieldName("doc");
      }
      mapper.writeValue(json, source(embedding));
      if (mode.isUpdate()) {
        if (mode == WriteMode.UPSERT) {
          json.writeBooleanField("doc_as_upsert", true);
        }
        json.writeEndObject();
      }
      json.writeRaw('\n');
    }
    return new BulkBatch.Document(row, embedding.id(), embedding.vector(), out.toByteArray());
  }

  private Map<String, Object> source(Embedding embedding) {
    Map<String, Object> source = new LinkedHashMap<>(embedding.fields());
    field.put(source, VectorBytes.encode(embedding.vector()));
    return source;
  }
}

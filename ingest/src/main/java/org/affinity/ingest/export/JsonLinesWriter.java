/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.affinity.ingest.EmbeddingWriter;

/**
 * One object per line, {@code {"id": "7", "taste": [0.5, -1.25]}}, as {@link
 * org.affinity.ingest.format.JsonLinesReader} reads it. Numbers are the shortest decimals that give
 * the same float32 again.
 */
public final class JsonLinesWriter implements EmbeddingWriter {
  private final JsonGenerator json;
  private final String field;

  /** Writes to a file, with vectors under a field's name. */
  public JsonLinesWriter(Path file, String field) throws IOException {
    this.field = field;
    this.json =
        new JsonFactory()
            .createGenerator(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    json.setRootValueSeparator(null);
  }

  @Override
  public void write(String id, float[] vector) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeArrayFieldStart(field);
    for (float each : vector) {
      json.writeNumber(each);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}

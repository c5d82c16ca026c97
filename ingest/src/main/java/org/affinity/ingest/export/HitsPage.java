/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingWriter;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.SourceVector;

/** Reads a search's answer token by token: no tree of a page's numbers is ever built. */
final class HitsPage {
  private final JsonFactory json = new JsonFactory();
  private final BulkTarget source;
  private final SourceVector vectors;

  HitsPage(BulkTarget source) {
    this.source = source;
    this.vectors = new SourceVector(source.field());
  }

  /**
   * What a page held.
   *
   * @param hits how many documents
   * @param last the last one's place in the order, to go on after
   */
  record Read(int hits, long last) {}

  Read read(byte[] answer, EmbeddingWriter writer) throws IOException {
    try (JsonParser parser = json.createParser(answer)) {
      parser.nextToken();
      Read read = new Read(0, 0);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("hits") && parser.currentToken() == JsonToken.START_OBJECT) {
          read = hits(parser, writer);
        } else if (name.equals("timed_out") && parser.currentToken() == JsonToken.VALUE_TRUE) {
          throw new LoadException("a search of '" + source.index() + "' timed out");
        } else {
          parser.skipChildren();
        }
      }
      return read;
    }
  }

  private Read hits(JsonParser parser, EmbeddingWriter writer) throws IOException {
    Read read = new Read(0, 0);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (!name.equals("hits")) {
        parser.skipChildren();
        continue;
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        read = new Read(read.hits() + 1, hit(parser, writer));
      }
    }
    return read;
  }

  /** Writes one document's vector; returns its place. */
  private long hit(JsonParser parser, EmbeddingWriter writer) throws IOException {
    String id = null;
    float[] vector = null;
    long place = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "_id" -> id = parser.getText();
        case "_source" -> vector = vector(id, parser);
        case "sort" -> {
          parser.nextToken();
          place = parser.getLongValue();
          parser.nextToken();
        }
        default -> parser.skipChildren();
      }
    }
    if (vector == null) {
      throw new LoadException(
          ("document '%s' has a vector in '%s', but its _source does not show it; the mapping's"
                  + " _source must be enabled and not exclude it")
              .formatted(id, source.field()));
    }
    if (vector.length != source.dimension()) {
      throw new LoadException(
          "document '%s' has dimension %d instead of %d"
              .formatted(id, vector.length, source.dimension()));
    }
    writer.write(id, vector);
    return place;
  }

  private float[] vector(String id, JsonParser parser) throws IOException {
    try {
      return vectors.read(parser);
    } catch (LoadException e) {
      throw new LoadException("document '" + id + "': " + e.getMessage(), e);
    }
  }
}

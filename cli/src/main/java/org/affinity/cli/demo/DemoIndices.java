/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.affinity.cli.console.ProgressDisplay;
import org.affinity.ingest.BulkLoader;
import org.affinity.ingest.BulkOptions;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.LoadLedger;
import org.affinity.ingest.LoadReport;
import org.affinity.ingest.Reply;
import org.affinity.ingest.ServerConnection;

/** Makes and fills the demo's two indices. */
final class DemoIndices {
  static final String BOOKS = "books";
  static final String READERS = "readers";
  static final String FIELD = "taste";
  private static final String MARK = "made_by";
  private static final String DEMO = "affinity demo";

  private final JsonMapper mapper = new JsonMapper();
  private final ServerConnection server;

  DemoIndices(ServerConnection server) {
    this.server = server;
  }

  /**
   * Makes both indices anew; an index of that name that the demo did not make stays, and stops it.
   */
  void create(int dimension) throws IOException, InterruptedException {
    create(BOOKS, bookFields(), dimension);
    ObjectNode readerFields = mapper.createObjectNode();
    readerFields.putObject("name").put("type", "keyword");
    create(READERS, readerFields, dimension);
  }

  LoadReport load(Catalogue catalogue) throws IOException, InterruptedException {
    LoadReport books = load(BOOKS, new ListRows<>(catalogue.books(), Book::toEmbedding));
    LoadReport readers = load(READERS, new ListRows<>(catalogue.readers(), Reader::toEmbedding));
    expect(server.send("POST", "/" + BOOKS + "," + READERS + "/_refresh"), "refreshing");
    return new LoadReport(
        0,
        books.read() + readers.read(),
        books.documents().plus(readers.documents()),
        books.rejected() + readers.rejected(),
        books.seconds() + readers.seconds());
  }

  private LoadReport load(String index, EmbeddingReader rows)
      throws IOException, InterruptedException {
    BulkTarget target = BulkTarget.find(server, index, FIELD);
    LoadReport report;
    try (rows;
        ProgressDisplay display = ProgressDisplay.ofRows(index)) {
      report =
          new BulkLoader(server, target, BulkOptions.DEFAULT, display)
              .load(rows, LoadLedger.none());
    }
    if (report.rejected() > 0) {
      throw new LoadException(report.rejected() + " rows of '" + index + "' were rejected");
    }
    return report;
  }

  private void create(String index, ObjectNode fields, int dimension)
      throws IOException, InterruptedException {
    dropOwn(index);
    ObjectNode body = mapper.createObjectNode();
    body.putObject("settings")
        .put("index.affinity", true)
        .put("number_of_shards", 1)
        .put("number_of_replicas", 0);
    fields
        .putObject(FIELD)
        .put("type", "embedding")
        .put("dimension", dimension)
        .put("space_type", "innerproduct");
    ObjectNode mappings = body.putObject("mappings");
    mappings.putObject("_meta").put(MARK, DEMO);
    mappings.set("properties", fields);
    expect(server.send("PUT", "/" + index, body.toString()), "creating index '" + index + "'");
  }

  private void dropOwn(String index) throws IOException, InterruptedException {
    Reply mapping = server.send("GET", "/" + index + "/_mapping");
    if (mapping.status() == 404) {
      return;
    }
    for (JsonNode each : mapping.body()) {
      if (!each.path("mappings").path("_meta").path(MARK).asText().equals(DEMO)) {
        throw new LoadException(
            "there is an index '" + index + "' that is not the demo's; it is left as it is");
      }
    }
    expect(server.send("DELETE", "/" + index), "deleting the last demo's '" + index + "'");
  }

  private ObjectNode bookFields() {
    ObjectNode fields = mapper.createObjectNode();
    fields.putObject("id").put("type", "keyword");
    fields.putObject("title").put("type", "text").put("analyzer", "english");
    fields.putObject("series").put("type", "keyword");
    fields.putObject("authors").put("type", "text");
    fields.putObject("genres").put("type", "keyword");
    fields.putObject("year").put("type", "integer");
    fields.putObject("popularity").put("type", "integer");
    return fields;
  }

  private static void expect(Reply reply, String what) throws LoadException {
    if (!reply.isOk()) {
      throw new LoadException(what + " answered " + reply.status() + ": " + reply.reason());
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.affinity.ingest.format.JsonLinesReader;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Answers as OpenSearch gives them where an ingest pipeline fails or drops documents. */
public class PipelineTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final List<Row.Rejected> rejected = new ArrayList<>();

  private LoadReport load(FakeServer server, WriteMode mode, String... ids)
      throws IOException, InterruptedException {
    StringBuilder rows = new StringBuilder();
    for (String id : ids) {
      rows.append("{\"id\":\"").append(id).append("\",\"taste\":[1,2]}\n");
    }
    Path file = Files.writeString(folder.newFile().toPath(), rows);
    RetryPolicy retry = new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(2));
    LoadLedger ledger =
        new LoadLedger() {
          @Override
          public long settledRow() {
            return 0;
          }

          @Override
          public void settle(long lastRow, Tally documents, List<Row.Rejected> rows) {
            rejected.addAll(rows);
          }
        };
    try (JsonLinesReader reader = new JsonLinesReader(file, "id", "taste", 0)) {
      return new BulkLoader(
              new ServerConnection(Endpoint.of(server.url())),
              server.target(),
              new BulkOptions(5 << 20, 10, 1, mode, retry),
              progress -> {})
          .load(reader, ledger);
    }
  }

  /** Fails x with 400 and y with 429 the first time; what a change does with the items. */
  private static FakeServer server(Consumer<ArrayNode> change) throws IOException {
    return new FakeServer(
        new FakeServer.Mood() {
          @Override
          public int item(String id, int time) {
            return id.startsWith("x") ? 400 : id.startsWith("y") && time == 1 ? 429 : 200;
          }

          @Override
          public void reply(ArrayNode items) {
            change.accept(items);
          }
        });
  }

  private static boolean isFailed(JsonNode item) {
    return body(item).path("status").asInt() >= 300;
  }

  private static ObjectNode body(JsonNode item) {
    return (ObjectNode) item.elements().next();
  }

  /** Failed items in the opposite order, in the slots that failed. */
  private static void permute(ArrayNode items) {
    List<Integer> slots = new ArrayList<>();
    List<JsonNode> failed = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (isFailed(items.get(i))) {
        slots.add(i);
        failed.add(items.get(i));
      }
    }
    for (int i = 0; i < slots.size(); i++) {
      items.set(slots.get(i), failed.get(failed.size() - 1 - i));
    }
  }

  private static void forget(ArrayNode items) {
    for (JsonNode item : items) {
      if (isFailed(item)) {
        body(item).putNull("_id");
      }
    }
  }

  private List<String> reasons() {
    return rejected.stream()
        .sorted(Comparator.comparingLong(Row.Rejected::number))
        .map(row -> row.number() + " " + row.id() + " " + row.reason())
        .toList();
  }

  @Test
  public void testFailuresInAnotherOrderAreTheirOwnRows() throws Exception {
    try (FakeServer server = server(PipelineTests::permute)) {
      LoadReport report = load(server, WriteMode.REPLACE, "x1", "a", "y", "x2", "x1");
      assertEquals(new Tally(2, 2, 0), report.documents());
      assertEquals(
          List.of(
              "1 x1 mapper_parsing_exception: bad x1",
              "4 x2 mapper_parsing_exception: bad x2",
              "5 x1 mapper_parsing_exception: bad x1"),
          reasons());
      assertEquals(2, server.times.get("y").get());
      assertEquals(1, server.times.get("x2").get());
    }
  }

  @Test
  public void testFailuresThatNameNoDocumentAreToldApartOneByOne() throws Exception {
    Consumer<ArrayNode> change =
        items -> {
          permute(items);
          forget(items);
        };
    try (FakeServer server = server(change)) {
      LoadReport report = load(server, WriteMode.UPSERT, "x1", "a", "y", "x2", "y");
      assertEquals(new Tally(3, 2, 0), report.documents());
      assertEquals(
          List.of("1 x1 mapper_parsing_exception: bad x1", "4 x2 mapper_parsing_exception: bad x2"),
          reasons());
      assertEquals(1, server.times.get("a").get());
    }
  }

  @Test
  public void testAnAnswerAboutAnotherDocumentEndsTheLoad() throws Exception {
    Consumer<ArrayNode> change = items -> body(items.get(1)).put("_id", "else");
    try (FakeServer server = server(change)) {
      IOException e =
          assertThrows(LoadException.class, () -> load(server, WriteMode.REPLACE, "a", "b"));
      assertTrue(e.getMessage(), e.getMessage().contains("rows 1 to 2"));
      assertTrue(e.getMessage(), e.getMessage().contains("'else' that was not in it"));
    }
  }

  @Test
  public void testDroppedDocumentsAreRejected() throws Exception {
    Consumer<ArrayNode> drop = items -> body(items.get(1)).put("status", 200).put("result", "noop");
    try (FakeServer server = server(drop)) {
      assertEquals(new Tally(1, 1, 0), load(server, WriteMode.REPLACE, "a", "b").documents());
      assertEquals(List.of("2 b dropped by an ingest pipeline"), reasons());
    }
  }

  @Test
  public void testOfUpdatesTheDroppedAreToldFromTheUnchanged() throws Exception {
    Consumer<ArrayNode> change =
        items -> {
          body(items.get(0)).put("result", "noop").put("_seq_no", 7);
          body(items.get(1)).put("result", "noop").put("_id", "auto-generated");
          body(items.get(2)).put("result", "noop").put("_id", "auto-generated");
        };
    try (FakeServer server = server(change)) {
      assertEquals(new Tally(1, 0, 0), load(server, WriteMode.UPSERT, "a", "b", "c").documents());
      assertEquals(
          List.of("2 b dropped by an ingest pipeline", "3 c dropped by an ingest pipeline"),
          reasons());
      assertEquals(1, server.requests.get());
    }
  }
}

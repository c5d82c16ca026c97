/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.format.JsonLinesReader;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Documents that are there, and documents that are not. */
public class WriteModeTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final List<Row.Rejected> rejected = new ArrayList<>();

  private LoadReport load(FakeServer server, WriteMode mode, boolean resumed, String rows)
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.newFile().toPath(), rows);
    RetryPolicy retry = new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(2));
    BulkOptions options = new BulkOptions(5 << 20, 10, 1, mode, retry);
    ServerConnection connection = new ServerConnection(Endpoint.of(server.url()));
    LoadLedger ledger =
        new LoadLedger() {
          @Override
          public long settledRow() {
            return 0;
          }

          @Override
          public boolean isResumed() {
            return resumed;
          }

          @Override
          public void settle(long lastRow, Tally documents, List<Row.Rejected> rows) {
            rejected.addAll(rows);
          }
        };
    try (JsonLinesReader reader = new JsonLinesReader(file, "id", "taste", 0)) {
      return new BulkLoader(connection, server.target(), options, progress -> {})
          .load(reader, ledger);
    }
  }

  private static FakeServer server(FakeServer.Mood mood) throws IOException {
    FakeServer server = new FakeServer(mood);
    server.documents.put("a", new JsonMapper().readTree("{\"taste\":[1,2]}"));
    return server;
  }

  private static final FakeServer.Mood CALM = new FakeServer.Mood() {};

  private static final String ROWS =
      "{\"id\":\"a\",\"taste\":[1,2]}\n{\"id\":\"b\",\"taste\":[3,4]}\n";

  @Test
  public void testUpdatesWithoutADocumentAreCountedAndListedAndNotMade() throws Exception {
    try (FakeServer server = server(CALM)) {
      LoadReport report = load(server, WriteMode.UPDATE_ONLY, false, ROWS);
      assertEquals(new Tally(1, 0, 1), report.documents());
      assertEquals("b", rejected.getFirst().id());
      assertTrue(rejected.getFirst().reason().startsWith("there is no document with this id"));
      assertEquals(1, server.documents.size());
    }
  }

  @Test
  public void testDocumentsThatAreThereAreNotReplaced() throws Exception {
    try (FakeServer server = server(CALM)) {
      LoadReport report = load(server, WriteMode.CREATE_ONLY, false, ROWS);
      assertEquals(new Tally(1, 1, 1), report.documents());
      assertEquals("a", rejected.getFirst().id());
      assertEquals(List.of("create", "create"), server.actions);
    }
  }

  @Test
  public void testADocumentMadeByARequestWithoutAnAnswerIsOurs() throws Exception {
    FakeServer.Mood drops =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            return number == 1 ? 0 : 200;
          }
        };
    try (FakeServer server = new FakeServer(drops)) {
      LoadReport report = load(server, WriteMode.CREATE_ONLY, false, ROWS);
      assertEquals(new Tally(2, 2, 0), report.documents());
      assertEquals(List.of(), rejected);
    }
  }

  @Test
  public void testADocumentMadeByAKilledRunIsOursIfItsVectorIs() throws Exception {
    String other = "{\"id\":\"a\",\"taste\":[1,2.5]}\n";
    try (FakeServer server = server(CALM)) {
      assertEquals(new Tally(2, 2, 0), load(server, WriteMode.CREATE_ONLY, true, ROWS).documents());
      assertEquals(
          new Tally(0, 0, 1), load(server, WriteMode.CREATE_ONLY, true, other).documents());
    }
  }

  @Test
  public void testARequestHalvedAfterOneWithoutAnAnswerMeetsItsOwnDocuments() throws Exception {
    FakeServer.Mood mood =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            return number == 1 ? 0 : number == 2 ? 413 : 200;
          }
        };
    try (FakeServer server = new FakeServer(mood)) {
      LoadReport report = load(server, WriteMode.CREATE_ONLY, false, ROWS);
      assertEquals(new Tally(2, 2, 0), report.documents());
      assertEquals(List.of(), rejected);
    }
  }

  /** Look-ups that fail in a way, then once for one document, and then work. */
  private static FakeServer.Mood failing(int status, String type) {
    return new FakeServer.Mood() {
      @Override
      public int lookup(int number, ArrayNode docs) {
        if (number == 2) {
          ObjectNode doc = (ObjectNode) docs.get(0);
          doc.remove("_source");
          doc.putObject("error").put("type", type).put("reason", "away");
        }
        return number == 1 ? status : 200;
      }
    };
  }

  @Test
  public void testALookUpThatFailsForTheMomentIsRepeated() throws Exception {
    for (int status : new int[] {0, 429, 503}) {
      try (FakeServer server = server(failing(status, "no_shard_available_action_exception"))) {
        LoadReport report = load(server, WriteMode.CREATE_ONLY, true, ROWS);
        assertEquals(new Tally(2, 2, 0), report.documents());
        assertEquals(List.of(), rejected);
        assertEquals(3, server.lookups.get());
      }
    }
  }

  @Test
  public void testALookUpThatIsRefusedEndsTheLoad() throws Exception {
    for (int status : new int[] {403, 200}) {
      try (FakeServer server = server(failing(status, "security_exception"))) {
        server.lookups.set(status == 200 ? 1 : 0);
        IOException e =
            assertThrows(
                LoadException.class, () -> load(server, WriteMode.CREATE_ONLY, true, ROWS));
        String expected = "looking up documents that are there answered ";
        assertTrue(
            e.getMessage(),
            e.getMessage().contains(expected + (status == 200 ? "for 'a'" : "403")));
      }
    }
  }

  @Test
  public void testADryRunSendsNothing() throws Exception {
    Path file =
        Files.writeString(folder.newFile().toPath(), ROWS + "{\"id\":\"c\",\"taste\":[1]}\n");
    Path rejects = folder.getRoot().toPath().resolve("rejects");
    try (FakeServer server = server(CALM);
        JsonLinesReader reader = new JsonLinesReader(file, "id", "taste", 0);
        DryRunLedger ledger =
            DryRunLedger.start(
                new LedgerFiles(folder.getRoot().toPath().resolve("state"), rejects))) {
      LoadReport report =
          new BulkLoader(
                  new ServerConnection(Endpoint.of(server.url())),
                  server.target(),
                  BulkOptions.DEFAULT,
                  progress -> {})
              .check(reader, ledger);
      assertEquals(2, report.loaded());
      assertEquals(1, ledger.rejected());
      assertEquals(1, Files.readAllLines(rejects).size());
      assertEquals(0, server.requests.get());
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.format.FvecsReader;
import org.affinity.ingest.format.JsonLinesReader;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class BulkLoaderTests {
  private static final RetryPolicy QUICK =
      new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(4));

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  /** Rejected rows as the ledger was told of them. */
  private final List<Row.Rejected> rejected = new ArrayList<>();

  private final LoadLedger ledger =
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

  private Path vectors(int rows) throws IOException {
    return SampleFiles.numberedFvecs(folder.getRoot().toPath().resolve("v"), rows);
  }

  private static BulkOptions batches(int docs) {
    return new BulkOptions(5 << 20, docs, 2, WriteMode.REPLACE, QUICK);
  }

  private LoadReport load(FakeServer server, EmbeddingReader reader, BulkOptions options)
      throws IOException, InterruptedException {
    ServerConnection connection = new ServerConnection(Endpoint.of(server.url()));
    try (reader) {
      return new BulkLoader(connection, server.target(), options, progress -> {})
          .load(reader, ledger);
    }
  }

  @Test
  public void testEveryRowArrivesBitForBit() throws Exception {
    try (FakeServer server = new FakeServer(new FakeServer.Mood() {})) {
      LoadReport report = load(server, FvecsReader.open(vectors(1000), 0), batches(64));
      assertEquals(1000, report.loaded());
      assertEquals(1000, report.created());
      assertEquals(0, report.rejected());
      assertEquals(1000, server.documents.size());
      JsonNode document = server.documents.get("777");
      float[] stored = VectorBytes.decodeBase64(document.path("taste").asText());
      assertArrayEquals(new float[] {777, 0.5f, -1, 1e-8f}, stored, 0);
      assertEquals(16, server.requests.get());
    }
  }

  @Test
  public void testBatchesEndByBytesToo() throws Exception {
    try (FakeServer server = new FakeServer(new FakeServer.Mood() {})) {
      BulkOptions small = new BulkOptions(200, 5000, 1, WriteMode.REPLACE, QUICK);
      load(server, FvecsReader.open(vectors(100), 0), small);
      assertTrue("requests: " + server.requests, server.requests.get() > 20);
      assertEquals(100, server.documents.size());
    }
  }

  @Test
  public void testBusyAndBrokenAnswersAreRepeatedUntilAllIsStored() throws Exception {
    FakeServer.Mood mood =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            int[] statuses = {429, 200, 503, 0, 200};
            return statuses[number % statuses.length];
          }

          @Override
          public int item(String id, int time) {
            return id.endsWith("3") && time < 3 ? 429 : 200;
          }
        };
    try (FakeServer server = new FakeServer(mood)) {
      BulkOptions patient =
          new BulkOptions(
              5 << 20,
              10,
              2,
              WriteMode.REPLACE,
              new RetryPolicy(50, Duration.ofMillis(1), Duration.ofMillis(2)));
      LoadReport report = load(server, FvecsReader.open(vectors(200), 0), patient);
      assertEquals(200, report.loaded());
      assertEquals(200, server.documents.size());
    }
  }

  @Test
  public void testRowsRefusedByTheServerAreRejectedWithItsReason() throws Exception {
    FakeServer.Mood mood =
        new FakeServer.Mood() {
          @Override
          public int item(String id, int time) {
            return id.equals("7") ? 400 : 200;
          }
        };
    try (FakeServer server = new FakeServer(mood)) {
      LoadReport report = load(server, FvecsReader.open(vectors(20), 0), batches(5));
      assertEquals(19, report.loaded());
      assertEquals(List.of(new Row.Rejected(7, "7", "mapper_parsing_exception: bad 7")), rejected);
    }
  }

  @Test
  public void testAServerThatStaysBusyEndsTheLoadAndNamesTheRows() throws Exception {
    FakeServer.Mood mood =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            return number > 2 ? 429 : 200;
          }
        };
    try (FakeServer server = new FakeServer(mood)) {
      BulkOptions one = new BulkOptions(5 << 20, 10, 1, WriteMode.REPLACE, QUICK);
      IOException e =
          assertThrows(
              IOException.class, () -> load(server, FvecsReader.open(vectors(100), 0), one));
      assertTrue(e.getMessage(), e.getMessage().contains("rows 21 to 30 are not acknowledged"));
      assertEquals(20, server.documents.size());
    }
  }

  @Test
  public void testAWriteBlockEndsTheLoadInsteadOfRejectingEveryRow() throws Exception {
    FakeServer.Mood mood =
        new FakeServer.Mood() {
          @Override
          public int item(String id, int time) {
            return 403;
          }
        };
    try (FakeServer server = new FakeServer(mood)) {
      assertThrows(
          LoadException.class, () -> load(server, FvecsReader.open(vectors(100), 0), batches(10)));
      assertTrue(rejected.isEmpty());
    }
  }

  @Test
  public void testARequestTooLargeIsHalvedUntilItFits() throws Exception {
    FakeServer.Mood mood =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            return documents > 7 ? 413 : 200;
          }
        };
    try (FakeServer server = new FakeServer(mood)) {
      assertEquals(100, load(server, FvecsReader.open(vectors(100), 0), batches(50)).loaded());
      assertEquals(100, server.documents.size());
    }
  }

  @Test
  public void testNoMoreRequestsThanAllowedAreUnderWay() throws Exception {
    FakeServer.Mood slow =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) throws IOException {
            try {
              Thread.sleep(20);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return 200;
          }
        };
    try (FakeServer server = new FakeServer(slow)) {
      BulkOptions three = new BulkOptions(5 << 20, 10, 3, WriteMode.REPLACE, QUICK);
      load(server, FvecsReader.open(vectors(300), 0), three);
      assertEquals(3, server.mostAtOnce.get());
    }
  }

  @Test
  public void testUpdatesAreUpsertsAndFieldsMergeIntoObjects() throws Exception {
    Path file =
        Files.writeString(
            folder.newFile().toPath(),
            "{\"id\":\"a\",\"v\":[1,2],\"user\":{\"name\":\"Ann\"},\"price\":1.10}\n");
    try (FakeServer server = new FakeServer(new FakeServer.Mood() {})) {
      ServerConnection connection =
          new ServerConnection(Endpoint.of(server.url() + "/").withBasicAuth("u:p"));
      BulkTarget target = new BulkTarget("books", "user.taste", 2, "");
      BulkOptions update = new BulkOptions(1, 1, 1, WriteMode.UPSERT, QUICK);
      try (JsonLinesReader reader = new JsonLinesReader(file, "id", "v", 0)) {
        new BulkLoader(connection, target, update, progress -> {}).load(reader, ledger);
      }
      assertEquals(List.of("update"), server.actions);
      assertEquals(List.of("Basic dTpw"), server.authorizations);
      JsonNode document = server.documents.get("a");
      assertEquals("Ann", document.path("user").path("name").asText());
      assertFalse(document.path("user").path("taste").asText().isEmpty());
      assertEquals(1.10, document.path("price").asDouble(), 0);
    }
  }

  @Test
  public void testARowNestedTooDeepToBeWrittenIsRejected() throws Exception {
    String deep = "{\"id\":\"b\",\"taste\":[1],\"t\":" + "[".repeat(999) + "]".repeat(999) + "}\n";
    Path file =
        Files.writeString(folder.newFile().toPath(), deep + "{\"id\":\"c\",\"taste\":[1]}\n");
    try (FakeServer server = new FakeServer(new FakeServer.Mood() {})) {
      BulkOptions update = new BulkOptions(1 << 20, 10, 1, WriteMode.UPSERT, QUICK);
      LoadReport report = load(server, new JsonLinesReader(file, "id", "taste", 0), update);
      assertEquals(1, report.loaded());
      assertEquals(List.of(1L), rejected.stream().map(Row.Rejected::number).toList());
      String reason = rejected.getFirst().reason();
      assertTrue(reason, reason.startsWith("cannot be written as JSON: "));
    }
  }

  @Test
  public void testARedirectIsAnErrorAtOnce() throws Exception {
    FakeServer.Mood elsewhere =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            return 307;
          }
        };
    try (FakeServer server = new FakeServer(elsewhere)) {
      BulkOptions one = new BulkOptions(5 << 20, 10, 1, WriteMode.REPLACE, QUICK);
      IOException e =
          assertThrows(
              LoadException.class, () -> load(server, FvecsReader.open(vectors(9), 0), one));
      assertTrue(e.getMessage(), e.getMessage().contains("answered 307, a redirect"));
      assertEquals(1, server.requests.get());
    }
  }

  @Test
  public void testAPatternIsNoTarget() throws Exception {
    try (FakeServer server = new FakeServer(new FakeServer.Mood() {})) {
      ServerConnection connection = new ServerConnection(Endpoint.of(server.url()));
      for (String pattern : List.of("", "*", "book?", "books,films", "_all", "-books")) {
        assertFault(connection, pattern, "taste", "'" + pattern + "' names no single index");
      }
    }
  }

  @Test
  public void testTheTargetIsLookedUpAndFaultsSayWhatToChange() throws Exception {
    try (FakeServer server = new FakeServer(new FakeServer.Mood() {})) {
      ServerConnection connection = new ServerConnection(Endpoint.of(server.url()));
      BulkTarget target = BulkTarget.find(connection, "books", "taste");
      assertEquals(new BulkTarget("books", "taste", 4, "uuid-1"), target);
      assertFault(connection, "books", "nothing", "has no field 'nothing'");
      assertFault(connection, "books", "title", "has type text, not embedding");
      assertFault(connection, "nowhere", "taste", "there is no index 'nowhere'");
    }
  }

  private static void assertFault(
      ServerConnection connection, String index, String field, String expected) {
    IOException e =
        assertThrows(LoadException.class, () -> BulkTarget.find(connection, index, field));
    assertTrue(e.getMessage(), e.getMessage().contains(expected));
  }
}

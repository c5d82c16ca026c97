/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.affinity.ingest.format.JsonLinesReader;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Of the rows with one id the last is stored, however requests overtake each other. */
public class RepeatedIdTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  /** Loads a row for each id; each has its row number as its field {@code n}. */
  private LoadReport load(FakeServer server, int docs, int inFlight, Duration pause, String... ids)
      throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < ids.length; i++) {
      lines.append("{\"id\":\"%s\",\"taste\":[1],\"n\":%d}%n".formatted(ids[i], i + 1));
    }
    Path file = Files.writeString(folder.newFile().toPath(), lines);
    BulkOptions options =
        new BulkOptions(
            5 << 20, docs, inFlight, WriteMode.REPLACE, new RetryPolicy(4, pause, pause));
    ServerConnection connection = new ServerConnection(Endpoint.of(server.url()));
    try (JsonLinesReader reader = new JsonLinesReader(file, "id", "taste", 0)) {
      return new BulkLoader(connection, server.target(), options, progress -> {})
          .load(reader, LoadLedger.none());
    }
  }

  private static int stored(FakeServer server, String id) {
    return server.documents.get(id).path("n").asInt();
  }

  /** Waits before it stores the first documents of some ids, and refuses the first of another. */
  private static FakeServer.Mood mood(Map<String, Integer> millis, String busy) {
    return new FakeServer.Mood() {
      @Override
      public int item(String id, int time) {
        try {
          Thread.sleep(time == 1 ? millis.getOrDefault(id, 0) : 0);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return id.equals(busy) && time == 1 ? 429 : 200;
      }
    };
  }

  @Test
  public void testALateFirstRequestDoesNotWin() throws Exception {
    try (FakeServer server = new FakeServer(mood(Map.of("a", 600, "late", 200), ""))) {
      LoadReport report = load(server, 2, 2, Duration.ZERO, "a", "b", "late", "a");
      assertEquals(4, stored(server, "a"));
      assertEquals(4, report.loaded());
      assertEquals(3, report.created());
    }
  }

  @Test
  public void testARequestWaitsForAnyOfThoseBeforeIt() throws Exception {
    try (FakeServer server = new FakeServer(mood(Map.of("d", 600, "late", 200), ""))) {
      load(server, 2, 4, Duration.ZERO, "a", "b", "c", "d", "e", "f", "late", "d");
      assertEquals(8, stored(server, "d"));
    }
  }

  @Test
  public void testADocumentThatIsSentAgainDoesNotOvertakeALaterRequest() throws Exception {
    try (FakeServer server = new FakeServer(mood(Map.of("late", 200), "a"))) {
      LoadReport report = load(server, 2, 2, Duration.ofSeconds(1), "a", "b", "late", "a");
      assertEquals(4, stored(server, "a"));
      assertEquals(4, report.loaded());
      assertEquals(3, report.created());
    }
  }

  @Test
  public void testADocumentThatIsSentAgainDoesNotOvertakeALaterOneOfItsRequest() throws Exception {
    try (FakeServer server = new FakeServer(mood(Map.of(), "a"))) {
      LoadReport report = load(server, 10, 1, Duration.ofMillis(1), "a", "b", "a", "c");
      assertEquals(3, stored(server, "a"));
      assertEquals(4, report.loaded());
      assertEquals(3, report.created());
    }
  }
}

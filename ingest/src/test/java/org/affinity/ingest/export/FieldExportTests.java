/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.export;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.EmbeddingWriter;
import org.affinity.ingest.Endpoint;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.RetryPolicy;
import org.affinity.ingest.ServerConnection;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Against answers as the server gives them, and as it does when something is wrong. */
public class FieldExportTests {
  private static final String TOTAL = "{\"hits\":{\"total\":{\"value\":%d},\"hits\":[]}}";

  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private final Map<String, float[]> written = new LinkedHashMap<>();
  private HttpServer server;

  @Before
  public void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  @After
  public void stopServer() {
    server.stop(0);
  }

  /** An answer is a status and a body; status 0 drops the connection. */
  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path + " " + body);
    String answer =
        path.endsWith("/point_in_time") ? "200 {\"pit_id\":\"p\"}" : answers.removeFirst();
    int status = Integer.parseInt(answer.substring(0, answer.indexOf(' ')));
    if (status != 0) {
      byte[] bytes = answer.substring(answer.indexOf(' ') + 1).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private ExportReport export() throws Exception {
    BulkTarget source = new BulkTarget("books", "user.taste", 2, "");
    RetryPolicy retry = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1));
    ServerConnection connection =
        new ServerConnection(Endpoint.of("http://127.0.0.1:" + server.getAddress().getPort()));
    EmbeddingWriter writer =
        new EmbeddingWriter() {
          @Override
          public void write(String id, float[] vector) {
            written.put(id, vector);
          }

          @Override
          public void close() {}
        };
    return new FieldExport(connection, source, null, retry).run(vectors -> writer, progress -> {});
  }

  private static String page(String... hits) {
    return "200 {\"timed_out\":false,\"_shards\":{\"failed\":0},\"hits\":{\"max_score\":null,"
        + "\"hits\":["
        + String.join(",", hits)
        + "]}}";
  }

  private static String hit(String id, String source) {
    return "{\"_index\":\"books\",\"_id\":\"%s\",\"_source\":%s,\"sort\":[7]}"
        .formatted(id, source);
  }

  private void totals(int documents, int vectors) {
    answers.add("200 " + TOTAL.formatted(documents));
    answers.add("200 " + TOTAL.formatted(vectors));
  }

  @Test
  public void testVectorsAreFoundInEveryFormAndBusyAnswersAskedForAgain() throws Exception {
    totals(6, 4);
    answers.add("503 {\"error\":\"busy\"}");
    answers.add("0 ");
    answers.add(
        page(
            hit("a", "{\"user\":{\"name\":{\"taste\":1},\"taste\":[0.5,-1e-3]}}"),
            hit("b", "{\"user.taste\":\"AAAAPwAAgL8=\"}"),
            hit("c", "{\"x\":[1,[2]],\"user\":[{\"taste\":[3,4]}]}"),
            hit("d", "{\"user\":[{\"age\":1},{\"taste\":[5,6]}]}")));
    ExportReport report = export();
    assertEquals(4, report.exported());
    assertEquals(2, report.skipped());
    assertEquals(List.of("a", "b", "c", "d"), List.copyOf(written.keySet()));
    assertArrayEquals(new float[] {0.5f, -1e-3f}, written.get("a"), 0);
    assertArrayEquals(new float[] {0.5f, -1}, written.get("b"), 0);
    assertArrayEquals(new float[] {5, 6}, written.get("d"), 0);
    assertTrue(requests.getLast(), requests.getLast().startsWith("DELETE "));
  }

  @Test
  public void testWhatIsWrongIsSaid() throws Exception {
    assertFails("its _source does not show it", page(hit("a", "{}")));
    assertFails(
        "document 'a': field 'user.taste' holds several vectors",
        page(hit("a", "{\"user\":[{\"taste\":[3,4]},{\"taste\":[3,4]}]}")));
    assertFails(
        "document 'a' has dimension 1 instead of 2", page(hit("a", "{\"user\":{\"taste\":[3]}}")));
    assertFails(
        "document 'a': field 'user.taste' is no vector",
        page(hit("a", "{\"user\":{\"taste\":3}}")));
    assertFails("0 vectors came instead of 1", page());
    assertFails("timed out", "200 {\"timed_out\":true,\"hits\":{\"hits\":[]}}");
    assertFails(
        "export again",
        "404 {\"error\":{\"type\":\"search_phase_execution_exception\",\"reason\":\"all shards"
            + " failed\",\"caused_by\":{\"type\":\"search_context_missing_exception\",\"reason\":"
            + "\"No search context found for id [1]\"}}}");
    assertFails("refused a search with 403", "403 {\"error\":\"no\"}");
    assertFails("3 times; nothing was written", "0 ", "0 ", "0 ");
  }

  private void assertFails(String expected, String... last) {
    answers.clear();
    totals(1, 1);
    answers.addAll(List.of(last));
    IOException e = assertThrows(LoadException.class, this::export);
    assertTrue(e.getMessage(), e.getMessage().contains(expected));
  }
}

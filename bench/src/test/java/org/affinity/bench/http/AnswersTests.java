/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.affinity.ingest.Endpoint;
import org.affinity.ingest.ServerConnection;
import org.junit.Test;

/** Answers of a server to a task, in this process. */
public class AnswersTests {

  private static final String STARTED = "{\"task\":\"n:1\"}";
  private static final String RUNNING = "{\"completed\":false}";
  private static final String DONE =
      "{\"completed\":true,\"response\":{\"_shards\":{\"total\":1,\"failed\":0}}}";
  private static final String FAILED =
      "{\"completed\":true,\"error\":{\"type\":\"odd\",\"reason\":\"no more room\"}}";
  private static final String FAILED_SHARD =
      "{\"completed\":true,\"response\":{\"_shards\":{\"total\":1,\"failed\":1,\"failures\":"
          + "[{\"shard\":0,\"reason\":{\"type\":\"odd\",\"reason\":\"a bad segment\"}}]}}}";

  @Test
  public void testATaskIsAwaited() throws Exception {
    assertEquals("all were asked for", 0, await(STARTED, RUNNING, RUNNING, DONE));
  }

  @Test
  public void testAFailedTaskIsNotDone() {
    assertEquals(
        "a task failed: no more room",
        assertThrows(IOException.class, () -> await(STARTED, RUNNING, FAILED)).getMessage());
    assertEquals(
        "a task failed on 1 of 1 shards: a bad segment",
        assertThrows(IOException.class, () -> await(STARTED, FAILED_SHARD)).getMessage());
  }

  @Test
  public void testAFailedMergeIsNoMerge() {
    assertThrows(IOException.class, () -> merge(STARTED, FAILED, "{}", "{}"));
    assertThrows(IOException.class, () -> merge(STARTED, FAILED_SHARD, "{}", "{}"));
  }

  private static int await(String... answers) throws Exception {
    return on(answers, server -> Answers.await(server, "/i/_forcemerge"));
  }

  private static int merge(String... answers) throws Exception {
    return on(answers, server -> new BenchServer(server).merge("i"));
  }

  private interface Use {
    void of(ServerConnection server) throws IOException, InterruptedException;
  }

  /** How many answers of a server were left that gives these, in order. */
  private static int on(String[] answers, Use use) throws Exception {
    Deque<String> left = new ArrayDeque<>(List.of(answers));
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          byte[] bytes = left.remove().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    http.start();
    try {
      String url = "http://127.0.0.1:" + http.getAddress().getPort();
      use.of(new ServerConnection(Endpoint.of(url)));
    } finally {
      http.stop(0);
    }
    return left.size();
  }
}

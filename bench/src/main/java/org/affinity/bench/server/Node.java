/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.affinity.bench.http.Answers;
import org.affinity.ingest.Endpoint;
import org.affinity.ingest.RawReply;
import org.affinity.ingest.Reply;
import org.affinity.ingest.ServerConnection;

/** A server of one node on this machine. */
final class Node {

  private final ServerConnection connection;
  private final ProcessHandle process;

  /** What it is: version, plugins and heap. */
  private final String description;

  Node(String url) throws IOException, InterruptedException {
    connection = new ServerConnection(Endpoint.of(url));
    String version = send("GET", "/").path("version").path("number").asText();
    JsonNode node =
        send("GET", "/_nodes/_local/process,plugins,jvm").path("nodes").elements().next();
    List<String> plugins = new ArrayList<>();
    for (JsonNode plugin : node.path("plugins")) {
      plugins.add(plugin.path("name").asText() + " " + plugin.path("version").asText());
    }
    long heap = node.path("jvm").path("mem").path("heap_max_in_bytes").asLong() >> 20;
    description =
        "OpenSearch %s, %s, Java %s, heap %d MiB"
            .formatted(
                version,
                String.join(", ", plugins),
                node.path("jvm").path("version").asText(),
                heap);
    process =
        ProcessHandle.of(node.path("process").path("id").asLong())
            .orElseThrow(() -> new IOException("its process is not on this machine"));
  }

  String description() {
    return description;
  }

  /** Processor time since it started. */
  double cpuSeconds() throws IOException {
    Duration used =
        process
            .info()
            .totalCpuDuration()
            .orElseThrow(() -> new IOException("the processor time of its process is not known"));
    return used.toNanos() / 1e9;
  }

  JsonNode send(String method, String path) throws IOException, InterruptedException {
    return Answers.expect(connection.send(method, path));
  }

  JsonNode send(String method, String path, String json) throws IOException, InterruptedException {
    return Answers.expect(connection.send(method, path, json));
  }

  /** The answer as it came. */
  byte[] sendRaw(String path, String json) throws IOException, InterruptedException {
    RawReply reply = connection.sendRaw("POST", path, json);
    if (reply.status() != 200) {
      throw new IOException(
          "the server answered "
              + reply.status()
              + ": "
              + new String(reply.body(), StandardCharsets.UTF_8).strip());
    }
    return reply.body();
  }

  /** Starts a task and waits for its end. */
  void await(String path) throws IOException, InterruptedException {
    Answers.await(connection, path);
  }

  /**
   * Makes an index.
   *
   * @throws RefusedException if the server does not take its definition
   */
  void create(String path, String definition) throws IOException, InterruptedException {
    Reply reply = connection.send("PUT", path, definition);
    if (!reply.isOk()) {
      throw new RefusedException(reply);
    }
  }

  /** The server did not take the definition of an index. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(Reply reply) {
      super("the server answered " + reply.status() + ": " + reply.reason());
    }
  }
}

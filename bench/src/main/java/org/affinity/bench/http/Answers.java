/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.affinity.ingest.Reply;
import org.affinity.ingest.ServerConnection;

/** What a server answers, if it did what it was asked. */
public final class Answers {

  private static final long POLL_MILLIS = 50;

  private Answers() {}

  /**
   * The body of an answer.
   *
   * @throws IOException if the answer is an error, with the server's reason
   */
  public static JsonNode expect(Reply reply) throws IOException {
    if (!reply.isOk()) {
      throw new IOException("the server answered " + reply.status() + ": " + reply.reason());
    }
    return reply.body();
  }

  /**
   * Starts a task by a POST and waits for its end.
   *
   * @throws IOException if it failed, be it on one shard
   */
  public static void await(ServerConnection server, String path)
      throws IOException, InterruptedException {
    String task = expect(server.send("POST", path)).path("task").asText();
    while (true) {
      JsonNode state = expect(server.send("GET", "/_tasks/" + task));
      JsonNode shards = state.path("response").path("_shards");
      if (state.has("error")) {
        throw new IOException("a task failed: " + state.path("error").path("reason").asText());
      } else if (shards.path("failed").asInt() > 0) {
        throw new IOException(
            "a task failed on %d of %d shards: %s"
                .formatted(
                    shards.path("failed").asInt(),
                    shards.path("total").asInt(),
                    shards.path("failures").path(0).path("reason").path("reason").asText()));
      } else if (state.path("completed").asBoolean()) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}

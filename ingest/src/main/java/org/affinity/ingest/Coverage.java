/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;

/**
 * How many documents of an index have a vector.
 *
 * @param documents all of them
 * @param withVector those with a vector in the field
 */
public record Coverage(long documents, long withVector) {
  /**
   * Refreshes the index and counts.
   *
   * @throws LoadException where the server does not say, with why; nothing loaded is affected
   */
  public static Coverage count(ServerConnection server, BulkTarget target)
      throws IOException, InterruptedException {
    if (IndexMapping.find(server, target.index()).isNested(target.field())) {
      throw new LoadException("field '" + target.field() + "' is in nested objects");
    }
    String index = "/" + ServerConnection.segment(target.index());
    expect(server.send("POST", index + "/_refresh"), "refreshing");
    long all =
        expect(server.send("GET", index + "/_count"), "counting").body().path("count").asLong();
    String exists = "{\"query\":{\"exists\":{\"field\":" + TextNode.valueOf(target.field()) + "}}}";
    Reply with = expect(server.send("POST", index + "/_count", exists), "counting");
    return new Coverage(all, with.body().path("count").asLong());
  }

  private static Reply expect(Reply reply, String what) throws LoadException {
    if (!reply.isOk()) {
      throw new LoadException(what + " answered " + reply.status() + ": " + reply.reason());
    }
    if (reply.body().path("_shards").path("failed").asInt() > 0) {
      throw new LoadException(what + " failed on some shards");
    }
    return reply;
  }

  /** Documents without a vector. */
  public long without() {
    return documents - withVector;
  }
}

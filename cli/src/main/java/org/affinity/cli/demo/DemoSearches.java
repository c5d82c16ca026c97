/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.Reply;
import org.affinity.ingest.ServerConnection;

/** Asks the server what the demo shows. */
final class DemoSearches {
  private static final int PLAIN_DEPTH = 200;
  private static final int SHOWN = 5;

  private final ServerConnection server;
  private final DemoQueries queries;

  DemoSearches(ServerConnection server, DemoQueries queries) {
    this.server = server;
    this.queries = queries;
  }

  /**
   * One word searched for plainly, and by each reader.
   *
   * @param word the word
   * @param plain what everyone sees
   * @param personalized what each reader sees, in the order of the readers
   */
  record Search(String word, Ranking plain, List<Ranking> personalized) {}

  Search search(String word, List<Taste> readers) throws IOException, InterruptedException {
    Ranking plain = ask(queries.plain(word), PLAIN_DEPTH);
    List<Ranking> personalized = new ArrayList<>();
    for (Taste taste : readers) {
      ObjectNode body = queries.personalized(word, taste.reader().id());
      personalized.add(ask(body.put("explain", true), SHOWN));
    }
    return new Search(word, plain, personalized);
  }

  private Ranking ask(ObjectNode body, int size) throws IOException, InterruptedException {
    String path =
        "/" + DemoIndices.BOOKS + "/_search?_source_includes=title&track_total_hits=true&size=";
    Reply reply = server.send("POST", path + size, body.toString());
    if (!reply.isOk()) {
      throw new LoadException("searching answered " + reply.status() + ": " + reply.reason());
    }
    return Ranking.of(reply.body());
  }
}

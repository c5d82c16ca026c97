/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

/**
 * Sends every JSON block of the pages in {@code docs}, page by page, over the catalogue of {@code
 * fixtures/docs.http}. Each must be answered by a 2xx, a search with a hit, unless a comment above
 * the block says otherwise: {@code <!-- test: status=400 -->}, {@code <!-- test: hits=0 -->}.
 */
@RunWith(Parameterized.class)
public class DocsIT {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  private final Path page;

  public DocsIT(String name) {
    this.page = docs().resolve(name);
  }

  private static Path docs() {
    return Path.of(System.getProperty("affinity.docs"));
  }

  @Parameterized.Parameters(name = "{0}")
  public static List<String> pages() throws Exception {
    try (Stream<Path> files = Files.list(docs())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  @Test
  public void testEveryBlockWorks() throws Exception {
    Server server = SERVER.server();
    assertTrue(server.request("DELETE", "/*", null).status() < 300);
    ConsoleFile.fixture("docs.http").sendAll(server);
    DocsFragments fragments = new DocsFragments();
    StringBuilder failures = new StringBuilder();
    for (DocsPage.Block block : DocsPage.read(page).blocks()) {
      for (ConsoleFile.Request request : fragments.requests(block)) {
        String failure = failure(server, block, request);
        if (failure != null) {
          failures.append(block + ": " + failure + "\n" + request + "\n\n");
        }
      }
    }
    assertEquals("", failures.toString());
  }

  /** Null if the answer is as it should be. */
  private static String failure(Server server, DocsPage.Block block, ConsoleFile.Request request)
      throws Exception {
    if (request.method().equals("PUT") && request.path().matches("/[^/]+")) {
      server.request("DELETE", request.path(), null); // a page may make it anew
    }
    Server.Reply reply = request.send(server);
    boolean expected =
        block.status() == null
            ? reply.status() < 300 && !reply.body().path("errors").asBoolean()
            : reply.status() == block.status();
    if (!expected) {
      return reply.toString();
    }
    if (reply.status() < 300 && request.path().matches("/[^/]+/_search(\\?.*)?")) {
      int hits = reply.body().at("/hits/hits").size();
      if (hits < block.hits() || (block.hits() == 0 && hits > 0)) {
        return hits
            + " hits, "
            + (block.hits() == 0 ? "none" : "at least " + block.hits())
            + " expected";
      }
      if (reply.body().at("/_shards/failed").asInt() > 0) {
        return reply.toString();
      }
    }
    return null;
  }
}

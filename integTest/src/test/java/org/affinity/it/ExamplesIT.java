/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;

/** Runs every request of the examples folder, and checks what the documentation says of them. */
public class ExamplesIT {

  @ClassRule public static final SharedServer SERVER = new SharedServer();

  @Test
  public void testEveryExampleWorksAndPeopleSeeDifferentOrders() throws Exception {
    List<List<String>> blends = new ArrayList<>();
    for (Path file : files()) {
      for (String request : Files.readString(file).split("\n\n")) {
        Server.Reply reply = run(request.strip());
        assertTrue(request + "\n" + reply, reply.status() < 300);
        if (file.endsWith("04-blend.http") && request.contains("_search")) {
          blends.add(ids(reply));
        }
      }
    }
    assertEquals("plain: the shorter title first", "1", blends.get(0).get(0));
    assertEquals("Ann gets fantasy", "1", blends.get(1).get(0));
    assertEquals("Bob gets a thriller", "2", blends.get(2).get(0));
    assertEquals("a stranger gets the plain order", blends.get(0), blends.get(3));
    assertTrue("recall adds what the words miss", blends.get(4).contains("3"));
  }

  private static List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("affinity.examples")))) {
      return files.filter(file -> file.toString().endsWith(".http")).sorted().toList();
    }
  }

  private static Server.Reply run(String request) throws Exception {
    String[] parts = request.split("\n", 2);
    String[] line = parts[0].split(" ", 2);
    String body = parts.length > 1 ? parts[1].strip() : null;
    return SERVER.server().request(line[0], line[1], body);
  }

  private static List<String> ids(Server.Reply reply) {
    List<String> ids = new ArrayList<>();
    for (JsonNode hit : reply.body().at("/hits/hits")) {
      ids.add(hit.get("_id").asText());
    }
    return ids;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests as one pastes them into a console: a line with method and path, the body below; a blank
 * line between requests.
 */
record ConsoleFile(List<Request> requests) {

  /**
   * One request.
   *
   * @param body null for none; newline-terminated where it is several JSON documents
   */
  record Request(String method, String path, String body) {

    /** Parses a head line and what stands below it. */
    static Request of(String text) {
      String[] parts = text.strip().split("\n", 2);
      String[] head = parts[0].strip().split(" ", 2);
      if (head.length < 2 || !head[1].startsWith("/")) {
        throw new IllegalArgumentException("not a request: " + parts[0]);
      }
      String body = parts.length > 1 ? parts[1].strip() : "";
      boolean lines = head[1].contains("_bulk") || head[1].contains("_msearch");
      return new Request(head[0], head[1], body.isEmpty() ? null : lines ? body + "\n" : body);
    }

    Server.Reply send(Server server) throws Exception {
      return server.request(method, path, body);
    }

    @Override
    public String toString() {
      return method + " " + path + (body == null ? "" : "\n" + body);
    }
  }

  static ConsoleFile read(Path file) throws IOException {
    List<Request> requests = new ArrayList<>();
    for (String block : Files.readString(file).split("\n\n+")) {
      if (!block.isBlank()) {
        requests.add(Request.of(block));
      }
    }
    return new ConsoleFile(requests);
  }

  /** Reads one of {@code src/test/resources/fixtures}. */
  static ConsoleFile fixture(String name) throws Exception {
    return read(Path.of(ConsoleFile.class.getResource("/fixtures/" + name).toURI()));
  }

  /** Sends all; each must be answered by a 2xx, and no document of a bulk may fail. */
  void sendAll(Server server) throws Exception {
    for (Request request : requests) {
      Server.Reply reply = request.send(server);
      if (reply.status() >= 300 || reply.body().path("errors").asBoolean()) {
        throw new AssertionError(request + "\n" + reply);
      }
    }
  }
}

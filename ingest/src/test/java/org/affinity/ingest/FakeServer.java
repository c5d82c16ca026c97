/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that knows one index, {@code books}, with an embedding field {@code taste}, and stores
 * what {@code _bulk} brings. A {@link Mood} lets it be busy, broken or choosy.
 */
final class FakeServer implements Closeable {
  /** How the server answers; counts start at 1. */
  interface Mood {
    /** The status of a whole request; 0 to drop the connection after storing everything. */
    default int request(int number, int documents) throws IOException {
      return 200;
    }

    /** The answer to a whole request, before it is sent. */
    default void reply(ArrayNode items) {}

    /** The answer to a look-up, before it is sent; its status. */
    default int lookup(int number, ArrayNode docs) {
      return 200;
    }

    /** The status of one document. */
    default int item(String id, int time) {
      return 200;
    }
  }

  private final JsonMapper mapper = new JsonMapper();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Mood mood;
  final Map<String, JsonNode> documents = new ConcurrentHashMap<>();
  final Map<String, AtomicInteger> times = new ConcurrentHashMap<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  final List<String> actions = new CopyOnWriteArrayList<>();
  final AtomicInteger requests = new AtomicInteger();
  final AtomicInteger lookups = new AtomicInteger();
  final AtomicInteger atOnce = new AtomicInteger();
  final AtomicInteger mostAtOnce = new AtomicInteger();

  FakeServer(Mood mood) throws IOException {
    this.mood = mood;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  BulkTarget target() {
    return new BulkTarget("books", "taste", 0, "uuid-1");
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/books/_bulk")) {
      bulk(exchange);
    } else if (path.equals("/books/_mget")) {
      mget(exchange);
    } else if (path.startsWith("/books/_mapping/field/")) {
      String field = path.substring(path.lastIndexOf('/') + 1);
      answer(exchange, 200, mapping(field));
    } else if (path.startsWith("/books/_settings")) {
      answer(exchange, 200, "{\"books\":{\"settings\":{\"index.uuid\":\"uuid-1\"}}}");
    } else {
      answer(exchange, 404, "{\"error\":{\"type\":\"index_not_found_exception\"},\"status\":404}");
    }
  }

  private static String mapping(String field) {
    String definition =
        switch (field) {
          case "taste" -> "{\"taste\":{\"type\":\"embedding\",\"dimension\":4}}";
          case "title" -> "{\"title\":{\"type\":\"text\"}}";
          default -> null;
        };
    return definition == null
        ? "{\"books\":{\"mappings\":{}}}"
        : "{\"books\":{\"mappings\":{\"" + field + "\":{\"mapping\":" + definition + "}}}}";
  }

  private void bulk(HttpExchange exchange) throws IOException {
    int number = requests.incrementAndGet();
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = body.lines().toList();
    int status = mood(number, lines.size() / 2);
    if (status != 200 && status != 0) {
      answer(
          exchange, status, "{\"error\":{\"type\":\"mood\",\"reason\":\"status " + status + "\"}}");
      return;
    }
    ObjectNode reply = mapper.createObjectNode();
    ArrayNode items = reply.putArray("items");
    for (int i = 0; i < lines.size(); i += 2) {
      store(mapper.readTree(lines.get(i)), mapper.readTree(lines.get(i + 1)), items.addObject());
    }
    if (status == 0) {
      exchange.close();
      return;
    }
    mood.reply(items);
    answer(exchange, 200, mapper.writeValueAsString(reply));
  }

  /** Counted until before the answer: once it is sent, the next request may come at any time. */
  private int mood(int number, int documents) throws IOException {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      return mood.request(number, documents);
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private void store(JsonNode action, JsonNode source, ObjectNode item) {
    String name = action.fieldNames().next();
    actions.add(name);
    String id = action.path(name).path("_id").asText();
    int status =
        mood.item(id, times.computeIfAbsent(id, x -> new AtomicInteger()).incrementAndGet());
    ObjectNode result = item.putObject(name);
    result.put("_id", id).put("status", status);
    if (status >= 300) {
      result.putObject("error").put("type", "mapper_parsing_exception").put("reason", "bad " + id);
      return;
    }
    boolean missing = !documents.containsKey(id);
    if (name.equals("create") && !missing) {
      refuse(result, 409, "version_conflict_engine_exception");
      return;
    }
    if (name.equals("update") && missing && !source.path("doc_as_upsert").asBoolean()) {
      refuse(result, 404, "document_missing_exception");
      return;
    }
    JsonNode document = name.equals("update") ? source.path("doc") : source;
    result.put("result", documents.put(id, document) == null ? "created" : "updated");
  }

  private static void refuse(ObjectNode result, int status, String type) {
    result.put("status", status).putObject("error").put("type", type).put("reason", "no");
  }

  private void mget(HttpExchange exchange) throws IOException {
    ObjectNode reply = mapper.createObjectNode();
    ArrayNode docs = reply.putArray("docs");
    for (JsonNode id : mapper.readTree(exchange.getRequestBody()).path("ids")) {
      docs.addObject().put("_id", id.asText()).set("_source", documents.get(id.asText()));
    }
    int status = mood.lookup(lookups.incrementAndGet(), docs);
    if (status == 0) {
      exchange.close();
      return;
    }
    answer(exchange, status, mapper.writeValueAsString(reply));
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

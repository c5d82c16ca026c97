/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Answers what the report asks of a server, in this process: indices of vectors, searched by
 * comparing all, under squared distance. Refuses the mappings of one kind.
 */
final class ExactServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer http;
  private final String refused;
  private final Map<String, List<float[]>> indices = new ConcurrentHashMap<>();
  private final Set<String> searched = new HashSet<>();
  private final Set<String> unrefreshed = new HashSet<>();
  private final Map<String, Integer> segments = new HashMap<>();
  private String failing = "none";

  /**
   * Starts it.
   *
   * @param refused mappings with this text in them are
   */
  ExactServer(String refused) throws IOException {
    this.refused = refused;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/", this::handle);
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** Answers requests of that name with an error from now on. */
  void fail(String request) {
    failing = request;
  }

  /** Indices that are there. */
  Set<String> indices() {
    return indices.keySet();
  }

  /** Indices that were searched. */
  Set<String> searched() {
    return searched;
  }

  @Override
  public void close() {
    http.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", 3);
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int status = 200;
    String answer = "{}";
    if (exchange.getRequestMethod().equals("DELETE")) {
      indices.remove(path[1]);
    } else if (exchange.getRequestMethod().equals("PUT")) {
      if (body.contains(refused)) {
        status = 400;
        answer = "{\"error\":{\"type\":\"odd\",\"reason\":\"not " + refused + "\"}}";
      } else {
        indices.put(path[1], new ArrayList<>());
        segments.put(path[1], 0);
      }
    } else if (path.length > 2 && path[2].equals(failing)) {
      status = 500;
      answer = "{\"error\":{\"type\":\"odd\",\"reason\":\"the disk is full\"}}";
    } else {
      answer = answer(path[1], path.length > 2 ? path[2] : "", body);
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String answer(String first, String second, String body) throws IOException {
    return switch (first) {
      case "" -> "{\"version\":{\"number\":\"0.0.0\"}}";
      case "_nodes" ->
          "{\"nodes\":{\"n\":{\"process\":{\"id\":%d},\"plugins\":[{\"name\":\"exact\"}]}}}"
              .formatted(ProcessHandle.current().pid());
      case "_tasks" -> "{\"completed\":true,\"response\":{\"_shards\":{\"failed\":0}}}";
      default ->
          switch (second) {
            case "_bulk" -> index(first, body);
            case "_refresh" -> refresh(first);
            case "_segments" ->
                "{\"indices\":{\"%s\":{\"shards\":{\"0\":[{\"num_search_segments\":%d}]}}}}"
                    .formatted(first, segments.get(first));
            case "_forcemerge" -> "{\"task\":\"n:1\"}";
            case "_stats/store,segments" ->
                """
                {"_all":{"primaries":{"store":{"size_in_bytes":64000},
                 "segments":{"file_sizes":{"vec":{"size_in_bytes":32000}}}}}}
                """;
            case "_search" -> search(first, body);
            default -> "{}";
          };
    };
  }

  private String index(String index, String body) throws IOException {
    for (String line : body.split("\n")) {
      JsonNode document = JSON.readTree(line);
      if (document.has(Contestant.FIELD)) {
        indices.get(index).add(vector(document.get(Contestant.FIELD)));
      }
    }
    unrefreshed.add(index);
    return "{\"errors\":false}";
  }

  /** A segment of what was added since the last, if anything. */
  private String refresh(String index) {
    if (unrefreshed.remove(index)) {
      segments.merge(index, 1, Integer::sum);
    }
    return "{}";
  }

  private static float[] vector(JsonNode numbers) {
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i).floatValue();
    }
    return vector;
  }

  private String search(String index, String body) throws IOException {
    searched.add(index);
    float[] query =
        vector(
            JSON.readTree(body).get("query").elements().next().get(Contestant.FIELD).get("vector"));
    List<float[]> vectors = indices.get(index);
    Map<Double, Integer> byDistance = new TreeMap<>();
    for (int row = 0; row < vectors.size(); row++) {
      double distance = 0;
      for (int i = 0; i < query.length; i++) {
        double d = query[i] - vectors.get(row)[i];
        distance += d * d;
      }
      byDistance.put(distance, row);
    }
    return byDistance.values().stream()
        .limit(Contestant.K)
        .map("{\"_id\":\"%d\"}"::formatted)
        .collect(
            Collectors.joining(",", "{\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[", "]}}"));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.affinity.ingest.Reply;
import org.affinity.ingest.ServerConnection;

/** A catalogue on the server: an index of one shard and one segment, and one of its readers. */
final class LoadedIndex {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 1000;
  private static final long POLL_MILLIS = 500;

  /** Words of one group are the nearest to its target, so many of them. */
  private static final int WORDS = 8;

  private final ServerConnection server;
  private final Catalogue catalogue;
  private final String index;
  private final Map<String, Integer> documents = new HashMap<>();

  LoadedIndex(ServerConnection server, Catalogue catalogue) {
    this.server = server;
    this.catalogue = catalogue;
    this.index = "affinity-bench-" + catalogue.name();
  }

  String index() {
    return index;
  }

  String readersIndex() {
    return index + "-readers";
  }

  /** Makes both indices anew and fills them. */
  void load(Consumer<String> progress) throws IOException, InterruptedException {
    drop();
    String taste =
        """
        {"type": "embedding", "dimension": %d, "space_type": "innerproduct"}
        """
            .formatted(catalogue.dimension());
    create(
        index,
        """
        {"title": {"type": "text"}, "tags": {"type": "text"}, "body": {"type": "text"},
         "%s": %s, "%s": {"type": "float", "index": false}}
        """
            .formatted(Requests.TASTE, taste, Requests.ARRAY));
    create(readersIndex(), "{\"%s\": %s}".formatted(Requests.TASTE, taste));
    StringBuilder bulk = new StringBuilder();
    for (int i = 0; i < catalogue.size(); i++) {
      Catalogue.Item item = catalogue.item(i);
      count(item);
      ObjectNode document = JSON.createObjectNode();
      document.put("title", item.title()).put("tags", item.tags()).put("body", item.body());
      document.put(Requests.TASTE, base64(item.vector()));
      ArrayNode array = document.putArray(Requests.ARRAY);
      for (int d = 0; d < item.vector().length; d++) {
        array.add((float) (item.vector()[d] + 2 * Requests.HALF_STEP * d));
      }
      add(bulk, index, Integer.toString(i), document);
      if ((i + 1) % BATCH == 0 || i + 1 == catalogue.size()) {
        flush(bulk);
      }
      if ((i + 1) % (100 * BATCH) == 0) {
        progress.accept(String.format(Locale.ROOT, "%,d documents", i + 1));
      }
    }
    List<float[]> readers = catalogue.readers();
    for (int i = 0; i < readers.size(); i++) {
      ObjectNode reader = JSON.createObjectNode().put(Requests.TASTE, base64(readers.get(i)));
      add(bulk, readersIndex(), Integer.toString(i), reader);
    }
    flush(bulk);
    progress.accept("merging");
    merge();
  }

  /** Deletes both indices. */
  void drop() throws IOException, InterruptedException {
    for (String name : List.of(index, readersIndex())) {
      server.send("DELETE", "/" + name + "?ignore_unavailable=true");
    }
  }

  private void create(String name, String properties) throws IOException, InterruptedException {
    expect(
        server.send(
            "PUT",
            "/" + name,
            """
            {"settings": {"index.affinity": true, "number_of_shards": 1, "number_of_replicas": 0,
              "refresh_interval": "-1"}, "mappings": {"properties": %s}}
            """
                .formatted(properties)));
  }

  private static void add(StringBuilder bulk, String index, String id, ObjectNode document) {
    bulk.append("{\"index\":{\"_index\":\"").append(index).append("\",\"_id\":\"").append(id);
    bulk.append("\"}}\n").append(document).append('\n');
  }

  private void flush(StringBuilder bulk) throws IOException, InterruptedException {
    if (bulk.isEmpty()) {
      return;
    }
    JsonNode said =
        expect(server.send("POST", "/_bulk?filter_path=errors,items.*.error", bulk.toString()));
    if (said.path("errors").asBoolean()) {
      throw new IOException("the server refused documents: " + said.path("items").path(0));
    }
    bulk.setLength(0);
  }

  private void merge() throws IOException, InterruptedException {
    expect(server.send("POST", "/" + index + "/_refresh"));
    String task =
        expect(
                server.send(
                    "POST",
                    "/" + index + "/_forcemerge?max_num_segments=1&wait_for_completion=false"))
            .path("task")
            .asText();
    while (!expect(server.send("GET", "/_tasks/" + task)).path("completed").asBoolean()) {
      Thread.sleep(POLL_MILLIS);
    }
    for (String name : List.of(index, readersIndex())) {
      expect(server.send("POST", "/" + name + "/_flush"));
      expect(server.send("POST", "/" + name + "/_refresh"));
    }
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private void count(Catalogue.Item item) {
    Set<String> words = new HashSet<>();
    for (String text : List.of(item.title(), item.tags(), item.body())) {
      for (String word : text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
        words.add(word);
      }
    }
    words.remove("");
    words.forEach(word -> documents.merge(word, 1, Integer::sum));
  }

  /** Words that about so many documents have. */
  List<Catalogue.Word> words(int target) {
    List<Catalogue.Word> words = new ArrayList<>();
    documents.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, Integer>>comparingInt(
                    entry -> Math.abs(entry.getValue() - target))
                .thenComparing(Map.Entry::getKey))
        .limit(WORDS)
        .forEach(entry -> words.add(new Catalogue.Word(entry.getKey(), entry.getValue())));
    return words;
  }

  /** The answer to a search of the catalogue. */
  JsonNode search(String body) throws IOException, InterruptedException {
    return expect(server.send("POST", "/" + index + "/_search", body));
  }

  static JsonNode expect(Reply reply) throws IOException {
    if (!reply.isOk()) {
      throw new IOException("the server answered " + reply.status() + ": " + reply.reason());
    }
    return reply.body();
  }
}

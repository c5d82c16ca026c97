/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.affinity.bench.http.BenchServer;

/** A catalogue on the server: an index of one shard and one segment, and one of its readers. */
final class LoadedIndex {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int STRIDE = 100_000;

  /** Words of one group are the nearest to its target, so many of them. */
  private static final int WORDS = 8;

  private final BenchServer server;
  private final Catalogue catalogue;
  private final String index;
  private final Map<String, Integer> documents = new HashMap<>();

  LoadedIndex(BenchServer server, Catalogue catalogue) {
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
    server.create(
        index,
        """
        {"title": {"type": "text"}, "tags": {"type": "text"}, "body": {"type": "text"},
         "%s": %s, "%s": {"type": "float", "index": false}}
        """
            .formatted(Requests.TASTE, taste, Requests.ARRAY));
    server.create(readersIndex(), "{\"%s\": %s}".formatted(Requests.TASTE, taste));
    for (int i = 0; i < catalogue.size(); i++) {
      Catalogue.Item item = catalogue.item(i);
      count(item);
      ObjectNode document = JSON.createObjectNode();
      document.put("title", item.title()).put("tags", item.tags()).put("body", item.body());
      document.put(Requests.TASTE, BenchServer.base64(item.vector()));
      ArrayNode array = document.putArray(Requests.ARRAY);
      for (int d = 0; d < item.vector().length; d++) {
        array.add((float) (item.vector()[d] + 2 * Requests.HALF_STEP * d));
      }
      server.add(index, Integer.toString(i), document);
      if ((i + 1) % STRIDE == 0) {
        progress.accept(String.format(Locale.ROOT, "%,d documents", i + 1));
      }
    }
    List<float[]> readers = catalogue.readers();
    for (int i = 0; i < readers.size(); i++) {
      ObjectNode reader =
          JSON.createObjectNode().put(Requests.TASTE, BenchServer.base64(readers.get(i)));
      server.add(readersIndex(), Integer.toString(i), reader);
    }
    server.flush();
    progress.accept("merging");
    server.merge(index);
    server.merge(readersIndex());
  }

  /** Deletes both indices. */
  void drop() throws IOException, InterruptedException {
    server.drop(List.of(index, readersIndex()));
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
    return server.post("/" + index + "/_search", body);
  }
}

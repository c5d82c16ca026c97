/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.affinity.bench.http.BenchServer;
import org.affinity.bench.http.FieldBytes;
import org.affinity.bench.ranking.RankingSet.Embedding;
import org.affinity.bench.ranking.RankingSet.Fold;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;

/** A data set on the server: an index of its items, and one of the people who search. */
final class RankingIndex {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Code sizes: the dimension divided by these. */
  private static final int[] DIVISORS = {16, 4};

  private static final int BATCH = 50;

  private final BenchServer server;
  private final RankingSet set;
  private final String index;

  RankingIndex(BenchServer server, RankingSet set) {
    this.server = server;
    this.set = set;
    this.index = "affinity-bench-ranking-" + set.name();
  }

  String index() {
    return index;
  }

  String peopleIndex() {
    return index + "-people";
  }

  /** The sizes of the first embedding's codes, in bytes before weights. */
  List<Integer> codeSizes() {
    List<Integer> sizes = new ArrayList<>();
    for (int divisor : DIVISORS) {
      int size = set.embeddings().get(0).dimension() / divisor;
      if (size > 0) {
        sizes.add(size);
      }
    }
    return sizes;
  }

  /** The first embedding once more, with codes of this size. */
  String codesField(int size) {
    return set.embeddings().get(0).name() + "_pq" + size;
  }

  /** Makes both indices anew and fills them. */
  void load() throws IOException, InterruptedException {
    drop();
    server.create(index, itemProperties().toString());
    server.create(peopleIndex(), embeddingProperties().toString());
    Embedding first = set.embeddings().get(0);
    for (Item item : set.items()) {
      ObjectNode document = JSON.createObjectNode();
      item.texts().forEach(document::put);
      document.put(Requests.POPULARITY, item.popularity());
      item.vectors().forEach((name, vector) -> document.put(name, BenchServer.base64(vector)));
      float[] coded = item.vectors().get(first.name());
      if (coded != null) {
        for (int size : codeSizes()) {
          document.put(codesField(size), BenchServer.base64(coded));
        }
      }
      server.add(index, item.id(), document);
    }
    for (String person : searching()) {
      ObjectNode document = JSON.createObjectNode();
      set.people()
          .get(person)
          .vectors()
          .forEach((name, vector) -> document.put(name, BenchServer.base64(vector)));
      server.add(peopleIndex(), person, document);
    }
    server.flush();
    server.merge(index);
    server.merge(peopleIndex());
  }

  private Set<String> searching() {
    Set<String> people = new TreeSet<>();
    if (set.isPersonal()) {
      for (Fold fold : set.folds()) {
        Stream.concat(fold.tuning().stream(), fold.judged().stream())
            .map(JudgedQuery::person)
            .forEach(people::add);
      }
    }
    return people;
  }

  private ObjectNode itemProperties() {
    ObjectNode properties = embeddingProperties();
    set.texts()
        .forEach(
            field ->
                properties
                    .putObject(field.name())
                    .put("type", "text")
                    .put("analyzer", field.analyzer()));
    properties.putObject(Requests.POPULARITY).put("type", "integer");
    for (int size : codeSizes()) {
      ObjectNode method =
          embedding(properties, codesField(size), set.embeddings().get(0)).putObject("method");
      encoder(method, "pq").putObject("parameters").put("m", size);
    }
    return properties;
  }

  private ObjectNode embeddingProperties() {
    ObjectNode properties = JSON.createObjectNode();
    for (Embedding embedding : set.embeddings()) {
      ObjectNode method = embedding(properties, embedding.name(), embedding).putObject("method");
      encoder(method, "none");
    }
    return properties;
  }

  /** Nothing is approximate but the codes that a row is about. */
  private static ObjectNode encoder(ObjectNode method, String name) {
    return method
        .put("name", "flat")
        .putObject("parameters")
        .putObject("encoder")
        .put("name", name);
  }

  private static ObjectNode embedding(ObjectNode properties, String field, Embedding embedding) {
    return properties
        .putObject(field)
        .put("type", "embedding")
        .put("dimension", embedding.dimension())
        .put("space_type", embedding.space());
  }

  /** Deletes both indices. */
  void drop() throws IOException, InterruptedException {
    server.drop(List.of(index, peopleIndex()));
  }

  /** Bytes by kind of a field's vectors, divided by their number. */
  Map<String, Double> bytesPerVector(String field) throws IOException, InterruptedException {
    return FieldBytes.of(server.get("/" + index + "/_affinity/stats"), index, field).perVector();
  }

  /** The hits of one search. */
  List<Hit> search(Contender.Search search) throws IOException, InterruptedException {
    return search.after().apply(Hit.of(server.post("/" + index + "/_search", search.body())));
  }

  /** Adds the hits of each body that has none yet. */
  void answer(List<String> bodies, Map<String, List<Hit>> answers)
      throws IOException, InterruptedException {
    List<String> open =
        bodies.stream().distinct().filter(body -> !answers.containsKey(body)).toList();
    for (int from = 0; from < open.size(); from += BATCH) {
      List<String> batch = open.subList(from, Math.min(open.size(), from + BATCH));
      StringBuilder lines = new StringBuilder();
      batch.forEach(body -> lines.append("{}\n").append(body).append('\n'));
      JsonNode responses =
          server.post("/" + index + "/_msearch", lines.toString()).path("responses");
      for (int i = 0; i < batch.size(); i++) {
        if (responses.path(i).has("error")) {
          throw new IOException("the server answered " + responses.path(i).path("error"));
        }
        answers.put(batch.get(i), Hit.of(responses.path(i)));
      }
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.affinity.bench.ann.VectorSet;
import org.affinity.bench.ann.Vectors;
import org.affinity.bench.http.FieldBytes;

/** A contestant's index of one shard on its server. A document's id is its row. */
final class ServedIndex {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 500;
  private static final int REFRESHES = 10;

  private final Node node;
  private final Contestant contestant;
  private final VectorSet set;

  ServedIndex(Node node, Contestant contestant, VectorSet set) {
    this.node = node;
    this.contestant = contestant;
    this.set = set;
  }

  /**
   * What building took: bulk requests with a refresh after each tenth of them, then the merge to
   * one segment. Wall time is that of requests, not of making them.
   *
   * @param segments before the merge
   */
  record Build(
      double ingestSeconds,
      double ingestCpuSeconds,
      int segments,
      double mergeSeconds,
      double mergeCpuSeconds) {}

  /** Sizes on disk, by file extension, and by kind where the server tells. */
  record Size(long bytes, Map<String, Long> files, Map<String, Long> kinds) {}

  Contestant contestant() {
    return contestant;
  }

  Node node() {
    return node;
  }

  void drop() throws IOException, InterruptedException {
    node.send("DELETE", "/" + contestant.index() + "?ignore_unavailable=true");
  }

  /**
   * Makes the index anew, of the first vectors of the set.
   *
   * @throws Node.RefusedException if the server does not take the mapping
   */
  Build build(int vectors) throws IOException, InterruptedException {
    drop();
    node.create(path(""), contestant.definition(set.dimension(), set.space()));
    double cpu = node.cpuSeconds();
    long nanos = 0;
    int bulks = (vectors + BATCH - 1) / BATCH;
    for (int done = 0; done < bulks; done++) {
      String bulk = bulk(done * BATCH, Math.min(vectors, (done + 1) * BATCH));
      long began = System.nanoTime();
      JsonNode said = node.send("POST", path("/_bulk?filter_path=errors,items.*.error"), bulk);
      nanos += System.nanoTime() - began;
      if (said.path("errors").asBoolean()) {
        throw new IOException("the server refused documents: " + said.path("items").path(0));
      }
      if ((done + 1) * REFRESHES / bulks > done * REFRESHES / bulks) {
        began = System.nanoTime();
        node.send("POST", path("/_refresh"));
        nanos += System.nanoTime() - began;
      }
    }
    double ingestCpu = node.cpuSeconds() - cpu;
    int segments = segments(node.send("GET", path("/_segments")), contestant.index());
    cpu = node.cpuSeconds();
    long began = System.nanoTime();
    node.await(path("/_forcemerge?max_num_segments=1&wait_for_completion=false"));
    double merge = (System.nanoTime() - began) / 1e9;
    double mergeCpu = node.cpuSeconds() - cpu;
    node.send("POST", path("/_flush?force=true"));
    node.send("POST", path("/_refresh"));
    return new Build(nanos / 1e9, ingestCpu, segments, merge, mergeCpu);
  }

  /** How many segments of its one shard are searched. */
  static int segments(JsonNode segments, String index) throws IOException {
    JsonNode copies = segments.path("indices").path(index).path("shards").path("0");
    JsonNode count = copies.path(0).path("num_search_segments");
    if (!count.isInt()) {
      throw new IOException("the server does not tell the segments of " + index);
    }
    return count.asInt();
  }

  private String bulk(int from, int to) {
    StringBuilder bulk = new StringBuilder();
    Vectors base = set.base();
    for (int row = from; row < to; row++) {
      bulk.append("{\"index\":{\"_id\":\"").append(row).append("\"}}\n{\"");
      bulk.append(Contestant.FIELD).append("\":");
      Json.append(bulk, base.get(row));
      bulk.append("}\n");
    }
    return bulk.toString();
  }

  Size size() throws IOException, InterruptedException {
    JsonNode stats =
        node.send("GET", path("/_stats/store,segments?include_segment_file_sizes=true"))
            .path("_all")
            .path("primaries");
    Map<String, Long> files = new TreeMap<>();
    stats
        .path("segments")
        .path("file_sizes")
        .properties()
        .forEach(file -> files.put(file.getKey(), file.getValue().path("size_in_bytes").asLong()));
    Map<String, Long> kinds = null;
    if (contestant.side() == Contestant.Side.OURS) {
      kinds =
          FieldBytes.of(
                  node.send("GET", path("/_affinity/stats")), contestant.index(), Contestant.FIELD)
              .bytes();
    }
    return new Size(stats.path("store").path("size_in_bytes").asLong(), files, kinds);
  }

  /** The bodies of the searches for all queries of the set, with one of the settings. */
  List<String> searches(String setting) {
    List<String> bodies = new ArrayList<>();
    for (int q = 0; q < set.queries().size(); q++) {
      bodies.add(contestant.search(set.queries().get(q), setting));
    }
    return bodies;
  }

  /** An answer as it came, unread. */
  byte[] search(String body) throws IOException, InterruptedException {
    return node.sendRaw(path("/_search"), body);
  }

  /**
   * Reads the rows out of an answer.
   *
   * @return how many
   */
  static int rows(byte[] answer, int[] hits) throws IOException {
    JsonNode body = JSON.readTree(answer);
    if (body.path("_shards").path("failed").asInt(1) != 0) {
      throw new IOException("a search failed: " + body.path("_shards"));
    }
    int count = 0;
    for (JsonNode hit : body.path("hits").path("hits")) {
      hits[count++] = Integer.parseInt(hit.path("_id").asText());
    }
    return count;
  }

  private String path(String rest) {
    return "/" + contestant.index() + rest;
  }
}

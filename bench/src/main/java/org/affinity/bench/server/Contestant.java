/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ann.search.VectorSpace;

/**
 * A way to index vectors and to ask for neighbours, as a client writes it. Where a parameter has a
 * default in the documentation it is that one; graphs have 16 links and a beam of 100 on both
 * sides.
 */
enum Contestant {
  IVF("ivf", Side.OURS, "{}"),
  HNSW("hnsw", Side.OURS, "{'method':{'name':'hnsw','parameters':{%s,'encoder':{'name':'none'}}}}"),
  HNSW_PQ("hnsw-pq", Side.OURS, "{'method':{'name':'hnsw','parameters':{%s}}}"),
  FLAT_PQ("flat-pq", Side.OURS, "{'method':{'name':'flat'}}"),
  KNN("knn", Side.PEER, "{'method':{'name':'hnsw','engine':'lucene','parameters':{%s}}}"),
  KNN_4X(
      "knn-4x",
      Side.PEER,
      "{'mode':'on_disk','compression_level':'4x',"
          + "'method':{'name':'hnsw','engine':'lucene','parameters':{%s}}}"),
  KNN_32X(
      "knn-32x",
      Side.PEER,
      "{'mode':'on_disk','compression_level':'32x',"
          + "'method':{'name':'hnsw','engine':'lucene','parameters':{%s}}}");

  /** Whose server. */
  enum Side {
    OURS,
    PEER
  }

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();

  /** Candidates of a search, the same for all. */
  private static final int[] EFFORTS = {10, 20, 50, 100, 200, 400, 800};

  private static final int FEWEST_RESCORED = 100;

  /** Neighbours asked for. */
  static final int K = 10;

  private static final String GRAPH = "'m':16,'ef_construction':100";

  /** The field's name. */
  static final String FIELD = "v";

  private final String label;
  private final Side side;
  private final String method;

  Contestant(String label, Side side, String method) {
    this.label = label;
    this.side = side;
    this.method = method;
  }

  String label() {
    return label;
  }

  Side side() {
    return side;
  }

  /** Whether a search runs native code, without which it ends the server. */
  boolean needsNativeCode() {
    return this == KNN_32X;
  }

  /** The index's name. */
  String index() {
    return "affinity-bench-" + label;
  }

  /** Settings and mapping. */
  String definition(int dimension, VectorSpace space) {
    boolean ours = side == Side.OURS;
    ObjectNode definition = JSON.createObjectNode();
    definition
        .putObject("settings")
        .put(ours ? "index.affinity" : "index.knn", true)
        .put("number_of_shards", 1)
        .put("number_of_replicas", 0)
        .put("refresh_interval", "-1");
    ObjectNode field = definition.putObject("mappings").putObject("properties").putObject(FIELD);
    field.put("type", ours ? "embedding" : "knn_vector").put("dimension", dimension);
    field.put(
        "space_type",
        switch (space) {
          case COSINE -> "cosinesimil";
          case INNER_PRODUCT -> "innerproduct";
          case L2 -> "l2";
        });
    try {
      field.setAll((ObjectNode) JSON.readTree(method.formatted(GRAPH)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return definition.toString();
  }

  /**
   * What queries say of the effort: first what a user gets who says nothing, then settings of
   * rising effort. The peer's coarse codes are asked with and without comparing candidates again,
   * which it does for 100 at least.
   */
  List<String> settings() {
    List<String> settings = new ArrayList<>();
    settings.add("\"k\":" + K);
    for (int effort : EFFORTS) {
      String setting = "\"k\":%d,\"method_parameters\":{\"ef_search\":%d}".formatted(K, effort);
      settings.add(
          switch (this) {
            case KNN -> setting;
            case KNN_4X, KNN_32X -> setting + ",\"rescore\":false";
            default -> setting + ",\"rescore\":{\"oversample_factor\":1}";
          });
      if ((this == KNN_4X || this == KNN_32X) && effort >= FEWEST_RESCORED) {
        settings.add("\"k\":%d,\"rescore\":{\"oversample_factor\":%d}".formatted(K, effort / K));
      }
    }
    return settings;
  }

  /** The body of a search with one of the settings. */
  String search(float[] query, String setting) {
    StringBuilder body = new StringBuilder("{\"size\":").append(K).append(",\"_source\":false,");
    body.append("\"query\":{\"").append(side == Side.OURS ? "nearest" : "knn").append("\":{\"");
    body.append(FIELD).append("\":{").append(setting).append(",\"vector\":");
    Json.append(body, query);
    return body.append("}}}}").toString();
  }
}

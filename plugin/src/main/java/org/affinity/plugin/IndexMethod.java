/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;

/**
 * The {@code method} of an embedding field: how its vectors are indexed. Equal methods, one format.
 */
sealed interface IndexMethod {

  IndexMethod DEFAULT =
      new Hnsw(
          AffinityHnswPqVectorsFormat.DEFAULT_M,
          AffinityHnswPqVectorsFormat.DEFAULT_EF_CONSTRUCTION,
          Encoder.DEFAULT);

  Encoder encoder();

  KnnVectorsFormat format();

  /** The JSON form, every option written out. */
  Map<String, Object> toMap();

  /** A graph; segments too small to need one are scanned. */
  record Hnsw(int m, int efConstruction, Encoder encoder) implements IndexMethod {

    static final String NAME = "hnsw";

    @Override
    public KnnVectorsFormat format() {
      int graphThreshold = AffinityHnswPqVectorsFormat.DEFAULT_GRAPH_THRESHOLD;
      return switch (encoder) {
        case Encoder.None none -> new Lucene99HnswVectorsFormat(m, efConstruction, graphThreshold);
        case Encoder.Pq pq ->
            new AffinityHnswPqVectorsFormat(m, efConstruction, graphThreshold, pq.encoding());
      };
    }

    @Override
    public Map<String, Object> toMap() {
      return Map.of(
          "name",
          NAME,
          "parameters",
          Map.of("m", m, "ef_construction", efConstruction, "encoder", encoder.toMap()));
    }
  }

  /** Every vector, or its code, is compared. */
  record Flat(Encoder encoder) implements IndexMethod {

    static final String NAME = "flat";

    @Override
    public KnnVectorsFormat format() {
      return new PqFlatVectorsFormat(encoder.encoding());
    }

    @Override
    public Map<String, Object> toMap() {
      return Map.of("name", NAME, "parameters", Map.of("encoder", encoder.toMap()));
    }
  }

  /** Reads {@code {"name": …, "parameters": {…, "encoder": {…}}}}. */
  static IndexMethod parse(Object node) {
    Options method = new Options("method", node);
    Object name = method.take("name", null);
    Options parameters =
        new Options(method.path("parameters"), method.take("parameters", Map.of()));
    method.end(new TreeSet<>(Set.of("name", "parameters")));
    Object encoderNode = parameters.take("encoder", null);
    Encoder encoder =
        encoderNode == null
            ? Encoder.DEFAULT
            : Encoder.parse(parameters.path("encoder"), encoderNode);
    if (Flat.NAME.equals(name)) {
      parameters.end(Set.of("encoder"));
      return new Flat(encoder);
    }
    if (!Hnsw.NAME.equals(name)) {
      throw method.refuse("name", "one of [flat, hnsw]", name, null);
    }
    int m = parameters.takeInt("m", AffinityHnswPqVectorsFormat.DEFAULT_M, 2, 512);
    int efConstruction =
        parameters.takeInt(
            "ef_construction", AffinityHnswPqVectorsFormat.DEFAULT_EF_CONSTRUCTION, 1, 3200);
    parameters.end(new TreeSet<>(Set.of("m", "ef_construction", "encoder")));
    return new Hnsw(m, efConstruction, encoder);
  }
}

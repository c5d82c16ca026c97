/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.affinity.ann.sq.SqFlatVectorsFormat;
import org.affinity.ann.sq.SqHnswVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;

/**
 * The {@code method} of an embedding field: how its vectors are indexed. Equal methods, one format.
 */
sealed interface IndexMethod {

  IndexMethod DEFAULT = new Auto();

  Encoder encoder();

  /** The same method with another encoder. */
  IndexMethod with(Encoder encoder);

  KnnVectorsFormat format();

  /**
   * The JSON form, every option written out but an encoder that is not named; keys in order, so
   * that all nodes write the same.
   */
  Map<String, Object> toMap();

  /**
   * What suits the encoder: lists for product quantization, which are one list in small segments
   * and none in the smallest; a graph for the others.
   */
  record Auto() implements IndexMethod {

    static final String NAME = "auto";

    @Override
    public Encoder encoder() {
      return new Encoder.Auto();
    }

    @Override
    public IndexMethod with(Encoder encoder) {
      return switch (encoder) {
        case Encoder.Auto auto -> this;
        case Encoder.Pq pq -> new Ivf(IvfParameters.AUTO, IvfParameters.AUTO, pq);
        case Encoder.None none -> Hnsw.DEFAULT.with(none);
        case Encoder.Sq sq -> Hnsw.DEFAULT.with(sq);
        case Encoder.Binary binary -> Hnsw.DEFAULT.with(binary);
      };
    }

    @Override
    public KnnVectorsFormat format() {
      return with(Encoder.DEFAULT).format();
    }

    @Override
    public Map<String, Object> toMap() {
      return named(NAME, Map.of(), encoder());
    }
  }

  /** A graph; segments too small to need one are scanned. */
  record Hnsw(int m, int efConstruction, Encoder encoder) implements IndexMethod {

    static final String NAME = "hnsw";

    static final Hnsw DEFAULT =
        new Hnsw(
            AffinityHnswPqVectorsFormat.DEFAULT_M,
            AffinityHnswPqVectorsFormat.DEFAULT_EF_CONSTRUCTION,
            new Encoder.Auto());

    private static final int GRAPH_THRESHOLD = AffinityHnswPqVectorsFormat.DEFAULT_GRAPH_THRESHOLD;

    @Override
    public Hnsw with(Encoder other) {
      return new Hnsw(m, efConstruction, other);
    }

    @Override
    public KnnVectorsFormat format() {
      return switch (encoder) {
        case Encoder.Auto auto -> with(Encoder.DEFAULT).format();
        case Encoder.None none -> new Lucene99HnswVectorsFormat(m, efConstruction, GRAPH_THRESHOLD);
        case Encoder.Sq sq ->
            new SqHnswVectorsFormat(sq.encoding(), m, efConstruction, GRAPH_THRESHOLD);
        case Encoder.Binary binary ->
            new SqHnswVectorsFormat(Encoder.Binary.ENCODING, m, efConstruction, GRAPH_THRESHOLD);
        case Encoder.Pq pq ->
            new AffinityHnswPqVectorsFormat(m, efConstruction, GRAPH_THRESHOLD, pq.encoding());
      };
    }

    @Override
    public Map<String, Object> toMap() {
      return named(NAME, Map.of("m", m, "ef_construction", efConstruction), encoder);
    }

    private static Hnsw parse(Options parameters, Encoder encoder) {
      int m = parameters.takeInt("m", AffinityHnswPqVectorsFormat.DEFAULT_M, 2, 512);
      int efConstruction =
          parameters.takeInt(
              "ef_construction", AffinityHnswPqVectorsFormat.DEFAULT_EF_CONSTRUCTION, 1, 3200);
      parameters.end(NAME, Set.of("m", "ef_construction", "encoder"));
      return new Hnsw(m, efConstruction, encoder);
    }
  }

  /** Every vector, or its code, is compared. */
  record Flat(Encoder encoder) implements IndexMethod {

    static final String NAME = "flat";

    @Override
    public Flat with(Encoder other) {
      return new Flat(other);
    }

    @Override
    public KnnVectorsFormat format() {
      return switch (encoder) {
        case Encoder.Auto auto -> with(Encoder.DEFAULT).format();
        case Encoder.None none -> new PqFlatVectorsFormat(PqEncoding.NONE);
        case Encoder.Sq sq -> new SqFlatVectorsFormat(sq.encoding());
        case Encoder.Binary binary -> new SqFlatVectorsFormat(Encoder.Binary.ENCODING);
        case Encoder.Pq pq -> new PqFlatVectorsFormat(pq.encoding());
      };
    }

    @Override
    public Map<String, Object> toMap() {
      return named(NAME, Map.of(), encoder);
    }

    private static Flat parse(Options parameters, Encoder encoder) {
      parameters.end(NAME, Set.of("encoder"));
      return new Flat(encoder);
    }
  }

  /** Lists of neighbours, of which a search scans the nearest; the encoder is {@code pq}. */
  record Ivf(int nlist, int nprobes, Encoder encoder) implements IndexMethod {

    static final String NAME = "ivf";
    private static final String AUTO = "auto";

    public Ivf {
      if (!(encoder instanceof Encoder.Auto || encoder instanceof Encoder.Pq)) {
        throw new IllegalArgumentException(
            "[ivf] takes encoder [pq], got [" + encoder.toMap().get("name") + "]");
      }
    }

    @Override
    public Ivf with(Encoder other) {
      return new Ivf(nlist, nprobes, other);
    }

    @Override
    public KnnVectorsFormat format() {
      PqEncoding encoding = encoder instanceof Encoder.Pq pq ? pq.encoding() : PqEncoding.AUTO;
      return new AffinityIvfPqVectorsFormat(new IvfParameters(nlist, nprobes, encoding));
    }

    @Override
    public Map<String, Object> toMap() {
      return named(NAME, Map.of("nlist", written(nlist), "nprobes", written(nprobes)), encoder);
    }

    private static Object written(int value) {
      return value == IvfParameters.AUTO ? AUTO : (Object) value;
    }

    private static Ivf parse(Options parameters, Encoder encoder) {
      int nlist = parse(parameters, "nlist");
      int nprobes = parse(parameters, "nprobes");
      parameters.end(NAME, Set.of("nlist", "nprobes", "encoder"));
      if (nlist != IvfParameters.AUTO && nprobes > nlist) {
        throw parameters.refuse(
            "nprobes", "between 1 and nlist [" + nlist + "], or [auto]", nprobes, null);
      }
      return new Ivf(nlist, nprobes, encoder);
    }

    private static int parse(Options parameters, String name) {
      return parameters.takeIf(name, AUTO)
          ? IvfParameters.AUTO
          : parameters.takeInt(name, IvfParameters.AUTO, 1, IvfParameters.MAXIMUM_NLIST);
    }
  }

  private static Map<String, Object> named(
      String name, Map<String, Object> parameters, Encoder encoder) {
    Map<String, Object> all = new TreeMap<>(parameters);
    if (!(encoder instanceof Encoder.Auto)) {
      all.put("encoder", encoder.toMap());
    }
    return new TreeMap<>(Map.of("name", name, "parameters", all));
  }

  /** Reads {@code {"name": …, "parameters": {…, "encoder": {…}}}}. */
  static IndexMethod parse(Object node) {
    Options method = new Options("method", node);
    Object name = method.take("name", null);
    Options parameters =
        new Options(method.path("parameters"), method.take("parameters", Map.of()));
    method.end("method", Set.of("name", "parameters"));
    Object encoderNode = parameters.take("encoder", null);
    Encoder encoder =
        encoderNode == null
            ? new Encoder.Auto()
            : Encoder.parse(parameters.path("encoder"), encoderNode);
    return switch (String.valueOf(name)) {
      case Auto.NAME -> {
        parameters.end(Auto.NAME, Set.of("encoder"));
        yield DEFAULT.with(encoder);
      }
      case Hnsw.NAME -> Hnsw.parse(parameters, encoder);
      case Flat.NAME -> Flat.parse(parameters, encoder);
      case Ivf.NAME -> Ivf.parse(parameters, encoder);
      default ->
          throw method.refuse(
              "name",
              "one of " + new TreeSet<>(Set.of(Auto.NAME, Flat.NAME, Hnsw.NAME, Ivf.NAME)),
              name,
              null);
    };
  }
}

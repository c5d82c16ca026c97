/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import io.github.jbellis.jvector.disk.SimpleWriter;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ann.search.VectorSpace;

/**
 * jvector's graph with the settings of its tutorial (degree 32, beam 100, overflow and alpha 1.2,
 * hierarchy, refinement), written to disk with the vectors inline and mapped. Pieces are merged by
 * its compactor.
 *
 * <p>Cosine is searched as inner product of vectors of length 1, as its documentation advises. It
 * has no maximum inner product search: there, vectors get one coordinate more, which makes all of
 * them equally long.
 *
 * @param codes searches product-quantized codes of the bytes of the set and rescores by the inline
 *     vectors; else it searches those
 */
record JVectorCandidate(String name, boolean codes) implements MergeableCandidate {

  static final String GRAPH = "graph.jvector";
  static final String CODES = "codes.jvector";

  /** By number of a vector, its row, int32 big-endian; only where pieces were merged. */
  static final String ROWS = "rows";

  /** The folder of a piece, before the number of its first row. */
  private static final String PIECE = "piece-";

  private static final int DEGREE = 32;
  private static final int BEAM = 100;
  private static final float OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;
  private static final int CLUSTERS = 256;

  @Override
  public Side side() {
    return Side.PEER;
  }

  @Override
  public void build(VectorSet set, List<FilteredRows> filters, Path folder) throws IOException {
    build(set, 0, set.base().size(), folder);
  }

  @Override
  public void buildPieces(VectorSet set, List<Integer> ends, Path folder) throws IOException {
    int from = 0;
    for (int end : ends) {
      build(set, from, end, Files.createDirectory(folder.resolve(PIECE + from)));
      from = end;
    }
  }

  @Override
  public void merge(VectorSet set, Path folder) throws IOException {
    try (JVectorPieces pieces = new JVectorPieces(codes)) {
      int from = 0;
      Path piece = folder.resolve(PIECE + from);
      while (Files.exists(piece)) {
        from += pieces.add(piece.resolve(GRAPH), piece.resolve(CODES));
        piece = folder.resolve(PIECE + from);
      }
      int[] rows =
          pieces.compact(
              JVectorSpace.of(set).similarity(), folder.resolve(GRAPH), folder.resolve(CODES));
      ByteBuffer bytes = ByteBuffer.allocate(rows.length * Integer.BYTES);
      bytes.asIntBuffer().put(rows);
      Files.write(folder.resolve(ROWS), bytes.array());
    }
  }

  @SuppressWarnings("deprecation") // Its successor leaves out hierarchy and refinement.
  private void build(VectorSet set, int from, int to, Path folder) throws IOException {
    VectorTypeSupport types = VectorizationProvider.getInstance().getVectorTypeSupport();
    JVectorSpace space = JVectorSpace.of(set);
    List<VectorFloat<?>> vectors = new ArrayList<>(to - from);
    for (int row = from; row < to; row++) {
      vectors.add(types.createFloatVector(space.row(set.base().get(row))));
    }
    RandomAccessVectorValues values = new ListRandomAccessVectorValues(vectors, space.dimension());
    BuildScoreProvider scores =
        BuildScoreProvider.randomAccessScoreProvider(values, space.similarity());
    try (GraphIndexBuilder builder =
        new GraphIndexBuilder(
            scores, space.dimension(), DEGREE, BEAM, OVERFLOW, ALPHA, true, true)) {
      ImmutableGraphIndex graph = builder.build(values);
      OnDiskGraphIndex.write(graph, values, folder.resolve(GRAPH));
    }
    if (codes) {
      boolean centered = space.similarity() == VectorSimilarityFunction.EUCLIDEAN;
      ProductQuantization quantizer =
          ProductQuantization.compute(values, set.codeBytes(), CLUSTERS, centered);
      PQVectors encoded =
          quantizer.encodeAll(values, java.util.concurrent.ForkJoinPool.commonPool());
      try (SimpleWriter out = new SimpleWriter(folder.resolve(CODES))) {
        encoded.write(out, OnDiskGraphIndex.CURRENT_VERSION);
      }
    }
  }

  @Override
  public BuiltIndex open(VectorSet set, Path folder) throws IOException {
    return new JVectorIndex(this, set, folder);
  }

  /** How its vectors are made of a set's. */
  record JVectorSpace(
      VectorScaling scaling, int dimension, double longest, VectorSimilarityFunction similarity) {

    static JVectorSpace of(VectorSet set) {
      VectorScaling scaling = VectorScaling.of(set.space(), true);
      if (set.space() == VectorSpace.L2) {
        return new JVectorSpace(scaling, set.dimension(), 0, VectorSimilarityFunction.EUCLIDEAN);
      }
      if (scaling.scales()) {
        return new JVectorSpace(scaling, set.dimension(), 0, VectorSimilarityFunction.DOT_PRODUCT);
      }
      double longest = 0;
      for (int row = 0; row < set.base().size(); row++) {
        longest = Math.max(longest, square(set.base().get(row)));
      }
      return new JVectorSpace(
          scaling, set.dimension() + 1, longest, VectorSimilarityFunction.DOT_PRODUCT);
    }

    float[] row(float[] vector) {
      return dimension == vector.length
          ? scaling.apply(vector)
          : extended(vector, Math.sqrt(longest), Math.sqrt(Math.max(0, longest - square(vector))));
    }

    float[] query(float[] vector) {
      return dimension == vector.length
          ? scaling.apply(vector.clone())
          : extended(vector, Math.sqrt(square(vector)), 0);
    }

    private static float[] extended(float[] vector, double length, double last) {
      float[] extended = new float[vector.length + 1];
      double factor = length == 0 ? 1 : 1 / length;
      for (int d = 0; d < vector.length; d++) {
        extended[d] = (float) (vector[d] * factor);
      }
      extended[vector.length] = (float) (last * factor);
      return extended;
    }

    private static double square(float[] vector) {
      double square = 0;
      for (float value : vector) {
        square += (double) value * value;
      }
      return square;
    }
  }
}

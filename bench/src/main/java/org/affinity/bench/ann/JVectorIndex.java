/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import io.github.jbellis.jvector.disk.RandomAccessReader;
import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** jvector's graph, mapped; its codes, if any, on the heap, where jvector wants them. */
final class JVectorIndex implements BuiltIndex {

  private static final int DEFAULT_OVERQUERY = 10;

  private final JVectorCandidate.JVectorSpace space;
  private final ReaderSupplier graphFile;
  private final OnDiskGraphIndex graph;
  private final PQVectors codes;
  private final Map<String, Long> bytes = new TreeMap<>();

  /** By number of a vector, its row; null if they are the same. */
  private final int[] rows;

  JVectorIndex(JVectorCandidate candidate, VectorSet set, Path folder) throws IOException {
    this.space = JVectorCandidate.JVectorSpace.of(set);
    Path file = folder.resolve(JVectorCandidate.GRAPH);
    this.graphFile = ReaderSupplierFactory.open(file);
    this.graph = OnDiskGraphIndex.load(graphFile);
    long raw = (long) set.base().size() * space.dimension() * Float.BYTES;
    bytes.put(FileKind.RAW, raw);
    bytes.put("graph", Files.size(file) - raw);
    Path numbers = folder.resolve(JVectorCandidate.ROWS);
    if (Files.exists(numbers)) {
      rows = new int[graph.size(0)];
      ByteBuffer.wrap(Files.readAllBytes(numbers)).asIntBuffer().get(rows);
    } else {
      rows = null;
    }
    if (candidate.codes()) {
      Path coded = folder.resolve(JVectorCandidate.CODES);
      try (ReaderSupplier supplier = ReaderSupplierFactory.open(coded);
          RandomAccessReader reader = supplier.get()) {
        codes = PQVectors.load(reader);
      }
      bytes.put("codes", Files.size(coded));
    } else {
      codes = null;
    }
  }

  @Override
  public List<Form> forms() {
    return List.of(Form.PLAIN);
  }

  @Override
  public Map<String, Long> bytes() {
    return bytes;
  }

  @Override
  public Searcher searcher(Form form) {
    return new GraphSearch();
  }

  private int row(int node) {
    return rows == null ? node : rows[node];
  }

  private final class GraphSearch implements Searcher {
    private final GraphSearcher searcher = new GraphSearcher(graph);
    private final OnDiskGraphIndex.View view = (OnDiskGraphIndex.View) searcher.getView();

    @Override
    public int search(float[] target, int k, int effort, FilteredRows filter, int[] hits) {
      VectorFloat<?> query =
          VectorizationProvider.getInstance()
              .getVectorTypeSupport()
              .createFloatVector(space.query(target));
      ScoreFunction.ExactScoreFunction exact = view.rerankerFor(query, space.similarity());
      SearchScoreProvider scores =
          codes == null
              ? new DefaultSearchScoreProvider(exact)
              : new DefaultSearchScoreProvider(
                  codes.precomputedScoreFunctionFor(query, space.similarity()), exact);
      int candidates = effort == DEFAULT ? DEFAULT_OVERQUERY * k : Math.max(k, effort);
      Bits passes = filter == null ? Bits.ALL : node -> filter.eligible().get(row(node));
      SearchResult result = searcher.search(scores, k, candidates, 0, 0, passes);
      int found = 0;
      for (SearchResult.NodeScore hit : result.getNodes()) {
        hits[found++] = row(hit.node);
      }
      return found;
    }

    @Override
    public void close() throws IOException {
      searcher.close();
    }
  }

  @Override
  public void close() throws IOException {
    graph.close();
    graphFile.close();
  }
}

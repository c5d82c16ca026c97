/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import io.github.jbellis.jvector.disk.RandomAccessReader;
import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexCompactor;
import io.github.jbellis.jvector.graph.disk.OrdinalMapper;
import io.github.jbellis.jvector.quantization.CompressedVectors;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.util.FixedBitSet;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.apache.lucene.util.IOUtils;

/** Pieces of an index of jvector, which it makes one of. */
final class JVectorPieces implements Closeable {

  private final boolean coded;
  private final List<Closeable> open = new ArrayList<>();
  private final List<OnDiskGraphIndex> graphs = new ArrayList<>();
  private final List<CompressedVectors> codes = new ArrayList<>();
  private final List<FixedBitSet> live = new ArrayList<>();

  JVectorPieces(boolean coded) {
    this.coded = coded;
  }

  /** Opens the next piece; returns how many vectors it has. */
  int add(Path graphFile, Path codesFile) throws IOException {
    ReaderSupplier supplier = ReaderSupplierFactory.open(graphFile);
    open.add(supplier::close);
    OnDiskGraphIndex graph = OnDiskGraphIndex.load(supplier);
    open.add(0, graph::close);
    graphs.add(graph);
    int size = graph.size(0);
    FixedBitSet all = new FixedBitSet(size);
    all.set(0, size);
    live.add(all);
    if (coded) {
      try (ReaderSupplier ofCodes = ReaderSupplierFactory.open(codesFile);
          RandomAccessReader reader = ofCodes.get()) {
        codes.add(PQVectors.load(reader));
      }
    }
    return size;
  }

  /**
   * Writes one index of all.
   *
   * @return by its own number of a vector, the row: it does not keep their order
   */
  int[] compact(VectorSimilarityFunction similarity, Path graphFile, Path codesFile)
      throws IOException {
    ForkJoinPool pool = ForkJoinPool.commonPool();
    OnDiskGraphIndexCompactor compactor =
        coded
            ? new OnDiskGraphIndexCompactor(graphs, codes, live, similarity, pool)
            : new OnDiskGraphIndexCompactor(graphs, live, similarity, pool);
    if (coded) {
      compactor.compact(graphFile, codesFile);
    } else {
      compactor.compact(graphFile);
    }
    int[] rows = new int[live.stream().mapToInt(FixedBitSet::length).sum()];
    int row = 0;
    for (int piece = 0; piece < graphs.size(); piece++) {
      OrdinalMapper numbers = compactor.ordinalMappers().get(piece);
      for (int old = 0; old < live.get(piece).length(); old++) {
        rows[numbers.oldToNew(old)] = row++;
      }
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(open);
  }
}

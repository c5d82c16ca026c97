/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.affinity.ann.pq.CodedVectors;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.apache.lucene.util.quantization.QuantizedVectorsReader;
import org.opensearch.index.engine.Engine;
import org.opensearch.index.shard.IndexShard;

/**
 * Reads what a search reads, so that the system holds it in memory: graphs, lists and codes; raw
 * vectors where there are no codes, or where asked for. Raw vectors are many times larger than
 * codes, and a search reads only those it rescores: they could push out what was read before.
 *
 * @param raw whether to read raw vectors of segments that have codes as well
 */
record Warmup(WarmupTask task, boolean raw) {

  /** Nodes, codes or vectors read between two looks at the task. */
  private static final int CHECK_INTERVAL = 1024;

  /** The smallest page a system keeps: one byte read of each is enough. */
  private static final int PAGE = 4096;

  /** Reads one of many. */
  private interface Reading {
    void read(int number) throws IOException;
  }

  Touched touch(IndexShard shard) throws IOException {
    Touched touched = Touched.NOTHING;
    task.check();
    Set<String> fields = ShardInspector.embeddings(shard);
    if (fields.isEmpty()) {
      return touched;
    }
    try (Engine.Searcher searcher = shard.acquireSearcher("affinity_warmup")) {
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        for (String name : fields) {
          SegmentField field = SegmentField.of(leaf.reader(), name);
          if (field != null) {
            touched = touched.plus(touch(field));
          }
        }
      }
    }
    return touched;
  }

  private Touched touch(SegmentField field) throws IOException {
    SortedMap<String, Long> bytes = new TreeMap<>(field.bytes().counts());
    if (bytes.containsKey(FileKind.GRAPH)) {
      touchGraph(field);
    }
    boolean coded = touchCodes(field);
    FloatVectorValues vectors = field.vectors();
    if (!coded || raw) {
      touchRaw(vectors);
    } else {
      bytes.remove(FileKind.RAW);
    }
    return new Touched(vectors.size(), new Tally(bytes));
  }

  private void touchGraph(SegmentField field) throws IOException {
    if (field.reader() instanceof HnswGraphProvider provider) {
      HnswGraph graph = provider.getGraph(field.info().name);
      for (int level = graph.numLevels() - 1; level >= 0; level--) {
        int on = level;
        HnswGraph.NodesIterator nodes = graph.getNodesOnLevel(level);
        each(nodes.size(), 1, i -> graph.seek(on, nodes.nextInt()));
      }
    }
  }

  /** Whether there are any. */
  private boolean touchCodes(SegmentField field) throws IOException {
    String name = field.info().name;
    ProductQuantizer quantizer = field.quantizer();
    if (quantizer != null) {
      CodedVectors.Records records = ((CodedVectors) field.reader()).records(name);
      byte[] record = new byte[quantizer.recordLength()];
      each(field.vectors().size(), 1, ord -> records.read(ord, record, 0));
      return true;
    }
    if (field.reader() instanceof QuantizedVectorsReader reader) {
      ByteVectorValues codes = reader.getQuantizedVectorValues(name);
      if (codes != null) {
        each(codes.size(), 1, codes::vectorValue);
        return true;
      }
    }
    return false;
  }

  private void touchRaw(FloatVectorValues vectors) throws IOException {
    int step = Math.max(1, PAGE / (vectors.dimension() * Float.BYTES));
    each(vectors.size(), step, vectors::vectorValue);
  }

  private void each(int size, int step, Reading reading) throws IOException {
    int untilCheck = 0;
    for (int i = 0; i < size; i += step) {
      if (untilCheck-- == 0) {
        task.check();
        untilCheck = CHECK_INTERVAL;
      }
      reading.read(i);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.affinity.quantization.ProductQuantizer;
import org.apache.lucene.index.LeafReaderContext;
import org.opensearch.index.engine.Engine;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.shard.IndexShard;

/** Looks at the embedding fields of shards. Safe for use by any number of threads. */
final class ShardInspector {

  private static final String EMBEDDING = "embedding";

  /** Bytes of the hash that are a codebook's id: enough that no two of a cluster are alike. */
  private static final int ID_BYTES = 8;

  private final SearchCounters searches;
  private final PerReader<String> codebookIds = new PerReader<>();
  private final PerReader<Long> live = new PerReader<>();

  ShardInspector(SearchCounters searches) {
    this.searches = searches;
  }

  /** The names of the embedding fields in a shard's mapping. */
  static SortedSet<String> embeddings(IndexShard shard) {
    SortedSet<String> names = new TreeSet<>();
    for (MappedFieldType type : shard.mapperService().fieldTypes()) {
      if (EMBEDDING.equals(type.typeName())) {
        names.add(type.name());
      }
    }
    return names;
  }

  /** The embedding fields of a shard, as searches see them now. */
  Map<String, FieldStats> inspect(IndexShard shard) throws IOException {
    SortedMap<String, FieldStats> fields = new TreeMap<>();
    SortedSet<String> names = embeddings(shard);
    for (String name : names) {
      fields.put(name, FieldStats.NONE.with(searches.of(shard.shardId(), name)));
    }
    if (fields.isEmpty()) {
      return fields;
    }
    Set<ProductQuantizer> counted = Collections.newSetFromMap(new IdentityHashMap<>());
    try (Engine.Searcher searcher = shard.acquireSearcher("affinity_stats")) {
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        for (String name : names) {
          SegmentField field = SegmentField.of(leaf.reader(), name);
          if (field != null) {
            fields.merge(name, inspect(field, counted), FieldStats::plus);
          }
        }
      }
    }
    return fields;
  }

  /**
   * @param counted quantizers whose heap is counted already: segments share them
   */
  private FieldStats inspect(SegmentField field, Set<ProductQuantizer> counted) throws IOException {
    String name = field.info().name;
    long vectors = field.vectors().size();
    Tally bytes = field.bytes();
    String searched = FileKind.searched(bytes);
    SortedMap<String, CodebookStats> codebooks = new TreeMap<>();
    ProductQuantizer quantizer = field.quantizer();
    if (quantizer != null) {
      String id = codebookIds.get(field.segment().getCoreCacheHelper(), name, () -> id(quantizer));
      codebooks.put(id, CodebookStats.of(id, vectors, quantizer));
      if (counted.add(quantizer)) {
        bytes = bytes.plus(Tally.of(FileKind.CODEBOOK, quantizer.ramBytesUsed()));
      }
    }
    return new FieldStats(
        vectors,
        live.get(field.leaf().getReaderCacheHelper(), name, field::live),
        Tally.of(field.format(), 1),
        Tally.of(searched, 1),
        bytes,
        codebooks,
        SearchStats.NONE);
  }

  private static String id(ProductQuantizer quantizer) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(quantizer.toBytes());
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.metadata.IndexAbstraction;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.cluster.metadata.MappingMetadata;
import org.opensearch.common.cache.Cache;
import org.opensearch.common.cache.CacheBuilder;

/** The dimension that an index's mapping gives an embedding field. Thread-safe. */
final class MappedDimension {

  private static final int CACHED_FIELDS = 256;

  private record Field(String indexUuid, long mappingVersion, String path) {}

  /** Not there yet when processors are made. */
  private final Supplier<ClusterState> state;

  private final Cache<Field, OptionalInt> known =
      CacheBuilder.<Field, OptionalInt>builder().setMaximumWeight(CACHED_FIELDS).build();

  MappedDimension(Supplier<ClusterState> state) {
    this.state = state;
  }

  /** Empty if there is no such index or alias, or it has no embedding field of that name. */
  OptionalInt of(String index, String path) {
    IndexAbstraction abstraction = state.get().metadata().getIndicesLookup().get(index);
    IndexMetadata metadata = abstraction == null ? null : abstraction.getWriteIndex();
    if (metadata == null || metadata.mapping() == null) {
      return OptionalInt.empty();
    }
    Field field = new Field(metadata.getIndexUUID(), metadata.getMappingVersion(), path);
    try {
      return known.computeIfAbsent(field, key -> read(metadata.mapping(), path));
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot read the mapping of [" + index + "]", e);
    }
  }

  private static OptionalInt read(MappingMetadata mapping, String path) {
    Object node = mapping.sourceAsMap();
    for (String name : path.split("\\.")) {
      node =
          node instanceof Map<?, ?> object && object.get("properties") instanceof Map<?, ?> inner
              ? inner.get(name)
              : null;
    }
    return node instanceof Map<?, ?> field
            && "embedding".equals(field.get("type"))
            && field.get("dimension") instanceof Number dimension
        ? OptionalInt.of(dimension.intValue())
        : OptionalInt.empty();
  }
}

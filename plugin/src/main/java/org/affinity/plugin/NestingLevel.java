/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import org.apache.lucene.search.Query;
import org.opensearch.common.lucene.search.Queries;
import org.opensearch.index.mapper.ObjectMapper;
import org.opensearch.index.query.QueryShardContext;

/**
 * Where documents of a field stand: a query sees those of one level only.
 *
 * @param path of the innermost {@code nested} object; null for documents themselves
 */
record NestingLevel(String path) {

  static final NestingLevel ROOT = new NestingLevel(null);

  static NestingLevel of(QueryShardContext context, String field) {
    String path = null;
    for (int dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', dot + 1)) {
      ObjectMapper object = context.getObjectMapper(field.substring(0, dot));
      if (object != null && object.nested().isNested()) {
        path = object.name();
      }
    }
    return path == null ? ROOT : new NestingLevel(path);
  }

  /** The level a query is being made for. */
  static NestingLevel current(QueryShardContext context) {
    ObjectMapper scope = context.nestedScope().getObjectMapper();
    return scope == null ? ROOT : new NestingLevel(scope.name());
  }

  boolean isRoot() {
    return path == null;
  }

  /** Whether objects of {@code other} are in objects of this level. */
  boolean holds(NestingLevel other) {
    return !equals(other) && (isRoot() || (!other.isRoot() && other.path.startsWith(path + ".")));
  }

  /** All documents of this level. */
  Query documents(QueryShardContext context) {
    return isRoot()
        ? Queries.newNonNestedFilter()
        : context.getObjectMapper(path).nestedTypeFilter();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.shard.SearchOperationListener;
import org.opensearch.search.SearchExtBuilder;
import org.opensearch.search.internal.SearchContext;

/**
 * Marks searches whose hits leave out vectors: those that do not scroll. A scroll reads documents
 * to write them elsewhere ({@code _reindex} and {@code _update_by_query} are scrolls) and gets them
 * whole; so does, should this fail, everyone.
 */
final class HitSearchListener implements SearchOperationListener {

  /** For queries, because {@code top_hits} fetches while it runs. */
  @Override
  public void onPreQueryPhase(SearchContext context) {
    mark(context);
  }

  @Override
  public void onPreFetchPhase(SearchContext context) {
    mark(context);
  }

  private static void mark(SearchContext context) {
    if (context.scrollContext() == null) {
      context.addSearchExt(new Mark());
    }
  }

  /** Stays in its search context; no request has it. */
  static final class Mark extends SearchExtBuilder {

    static final String NAME = "affinity_hit";

    @Override
    public String getWriteableName() {
      return NAME;
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      throw new IOException("[" + NAME + "] is not for the wire");
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) {
      return builder;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Mark;
    }

    @Override
    public int hashCode() {
      return NAME.hashCode();
    }
  }
}

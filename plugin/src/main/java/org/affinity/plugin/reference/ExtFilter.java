/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.ArrayList;
import java.util.List;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.search.SearchRequest;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.search.SearchResponseSections;
import org.opensearch.action.support.ActionFilter;
import org.opensearch.action.support.ActionFilterChain;
import org.opensearch.action.support.ActionRequestMetadata;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.search.SearchExtBuilder;
import org.opensearch.search.aggregations.InternalAggregations;
import org.opensearch.search.internal.InternalSearchResponse;
import org.opensearch.search.profile.SearchProfileShardResults;
import org.opensearch.tasks.Task;

/**
 * Puts into a search response what its request's {@link AffinityExt} has collected. Response
 * sections of a plugin have no other way in on the coordinating node but a search pipeline, which a
 * user would have to set up.
 */
public final class ExtFilter implements ActionFilter {

  /** After the filters of security plugins. */
  @Override
  public int order() {
    return Integer.MAX_VALUE;
  }

  @Override
  @SuppressWarnings("unchecked") // the response to a search request is a search response
  public <I extends ActionRequest, O extends ActionResponse> void apply(
      Task task,
      String action,
      I request,
      ActionRequestMetadata<I, O> metadata,
      ActionListener<O> listener,
      ActionFilterChain<I, O> chain) {
    AffinityExt ext = request instanceof SearchRequest search ? AffinityExt.of(search) : null;
    if (ext != null) {
      ext.restart();
    }
    chain.proceed(
        task,
        action,
        request,
        ext == null
            ? listener
            : ActionListener.map(
                listener,
                response ->
                    response instanceof SearchResponse found
                        ? (O) with(found, ext.collected())
                        : response));
  }

  private static SearchResponse with(SearchResponse response, AffinityExt ext) {
    SearchResponseSections sections = response.getInternalResponse();
    List<SearchExtBuilder> exts = new ArrayList<>(sections.getSearchExtBuilders());
    exts.add(ext);
    InternalSearchResponse internal =
        new InternalSearchResponse(
            sections.hits(),
            (InternalAggregations) sections.aggregations(),
            sections.suggest(),
            sections.profile().isEmpty() ? null : new SearchProfileShardResults(sections.profile()),
            sections.timedOut(),
            sections.terminatedEarly(),
            sections.getNumReducePhases(),
            exts,
            sections.getProcessorResult());
    return new SearchResponse(
        internal,
        response.getScrollId(),
        response.getTotalShards(),
        response.getSuccessfulShards(),
        response.getSkippedShards(),
        response.getTook().millis(),
        response.getPhaseTook(),
        response.getShardFailures(),
        response.getClusters(),
        response.pointInTimeId());
  }
}

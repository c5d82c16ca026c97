/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.SetOnce;
import org.opensearch.action.IndicesRequest;
import org.opensearch.action.search.SearchRequest;
import org.opensearch.core.action.ActionListener;
import org.opensearch.index.query.QueryCoordinatorContext;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.search.pipeline.PipelinedRequest;
import org.opensearch.transport.client.Client;

/**
 * The references of one request: equal ones are resolved once, and those met in one round of
 * rewriting are fetched for together. Kept with the search request; other requests that rewrite
 * queries (explain, validate) have nothing to keep it with, and each reference goes by itself.
 *
 * <p>Rewriting is one thread at a time, so no lock is needed.
 */
final class RequestReferences {

  private static final String ATTRIBUTE = "affinity.references";

  private final Map<ReferenceForm, Pending> known = new HashMap<>();
  private List<Pending> waiting = List.of();

  static RequestReferences of(QueryRewriteContext context) {
    return searchRequest(context) instanceof PipelinedRequest request
        ? (RequestReferences)
            request
                .getPipelineProcessingContext()
                .getAttributes()
                .computeIfAbsent(ATTRIBUTE, name -> new RequestReferences())
        : new RequestReferences();
  }

  /** Null if there is none. */
  private static IndicesRequest searchRequest(QueryRewriteContext context) {
    QueryCoordinatorContext coordinator = context.convertToCoordinatorContext();
    return coordinator == null ? null : coordinator.getSearchRequest();
  }

  /** A reference on its way, sent off when this round of rewriting is over. */
  Pending resolve(ReferenceForm form, QueryRewriteContext context) {
    return known.computeIfAbsent(
        form,
        wanted -> {
          Pending pending = new Pending(new SetOnce<>(), wanted);
          if (waiting.isEmpty()) {
            waiting = new ArrayList<>();
            AffinityExt report = report(context);
            long now = context.nowInMillis();
            context.registerAsyncAction(
                (client, listener) ->
                    send(client, now, report, ActionListener.map(listener, done -> null)));
          }
          waiting.add(pending);
          return pending;
        });
  }

  private void send(Client client, long now, AffinityExt report, ActionListener<Void> listener) {
    List<Pending> batch = waiting;
    waiting = List.of();
    new Resolution(client, batch, now)
        .run(
            ActionListener.map(
                listener,
                done -> {
                  if (report != null) {
                    batch.forEach(pending -> report.add(pending.form(), pending.resolved().get()));
                  }
                  return null;
                }));
  }

  /** Null if nobody asked. */
  private static AffinityExt report(QueryRewriteContext context) {
    return searchRequest(context) instanceof SearchRequest request ? AffinityExt.of(request) : null;
  }
}

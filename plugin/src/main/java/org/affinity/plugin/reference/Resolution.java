/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredGet;
import org.affinity.plugin.vector.StoredPart;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.ExceptionsHelper;
import org.opensearch.OpenSearchStatusException;
import org.opensearch.action.ActionRunnable;
import org.opensearch.action.RoutingMissingException;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.indices.IndexClosedException;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.client.Client;

/**
 * Brings references to their vectors, step by step: all ask what they need, that is got together by
 * multi-gets of a bounded size with the caller's rights, and they are asked again. Never waits.
 */
final class Resolution {

  /** Documents asked for by one multi-get. */
  static final int MAX_GET = 1_024;

  /** From so many documents on, what is made of them is made on a search thread. */
  private static final int MANY = 32;

  private final Client client;
  private final List<Pending> batch;
  private final Knowledge known;
  private long numbers;

  Resolution(Client client, List<Pending> batch, long now) {
    this.client = client;
    this.batch = batch;
    this.known = new Knowledge(new Fetched(), now, ReferenceLimits.of(client.settings()));
  }

  void run(ActionListener<Void> listener) {
    try {
      for (Pending pending : batch) {
        known.limits().check(pending.form());
      }
      step(listener);
    } catch (Exception e) {
      listener.onFailure(explain(e));
    }
  }

  private void step(ActionListener<Void> listener) throws Exception {
    Set<StoredPart<?>> needs = new LinkedHashSet<>();
    for (Pending pending : batch) {
      if (pending.resolved().get() == null) {
        switch (pending.form().step(known)) {
          case Step.Needs more -> needs.addAll(more.parts());
          case Step.Found found ->
              pending
                  .resolved()
                  .set(
                      new VectorReference.Given(
                          found.taste(), found.origin(), found.usage(), pending.form().missing()));
          case Step.None none ->
              pending.resolved().set(new VectorReference.Absent(none.reason(), none.usage()));
        }
      }
    }
    if (needs.isEmpty()) {
      listener.onResponse(null);
      return;
    }
    known.limits().checkGets(known.fetched().size() + needs.size());
    get(new ArrayList<>(needs), 0, listener);
  }

  private void get(List<StoredPart<?>> needs, int from, ActionListener<Void> listener) {
    List<StoredPart<?>> asked = needs.subList(from, Math.min(needs.size(), from + MAX_GET));
    StoredGet.get(
        client,
        asked,
        ActionListener.wrap(
            fetched -> {
              if (asked.size() < MANY) {
                take(needs, from, asked, fetched, listener);
              } else {
                client
                    .threadPool()
                    .executor(ThreadPool.Names.SEARCH)
                    .execute(
                        ActionRunnable.wrap(
                            listener, done -> take(needs, from, asked, fetched, done)));
              }
            },
            e -> listener.onFailure(explain(e))));
  }

  private void take(
      List<StoredPart<?>> needs,
      int from,
      List<StoredPart<?>> asked,
      Fetched fetched,
      ActionListener<Void> listener) {
    try {
      known.fetched().putAll(fetched);
      for (StoredPart<?> part : asked) {
        if (part instanceof StoredVector vector
            && fetched.outcome(vector) instanceof Fetched.Found<float[]> found) {
          numbers += found.value().length;
        }
      }
      known.limits().checkNumbers(numbers);
      int next = from + asked.size();
      if (next < needs.size()) {
        get(needs, next, listener);
      } else {
        step(listener);
      }
    } catch (Exception e) {
      listener.onFailure(explain(e));
    }
  }

  /** What a get refuses keeps its status and gets words. */
  private static Exception explain(Exception failure) {
    Throwable cause = ExceptionsHelper.unwrapCause(failure);
    return switch (cause) {
      case IndexClosedException closed ->
          new OpenSearchStatusException(
              "index ["
                  + closed.getIndex().getName()
                  + "] is closed, [from] cannot take vectors from it; open it",
              RestStatus.BAD_REQUEST,
              failure);
      case RoutingMissingException routing ->
          new OpenSearchStatusException(
              "index ["
                  + routing.getIndex().getName()
                  + "] needs a routing to find document ["
                  + routing.getId()
                  + "]; set [routing] beside its [index]",
              RestStatus.BAD_REQUEST,
              failure);
      case Exception other -> other;
      default -> failure;
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredGet;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.action.get.MultiGetItemResponse;
import org.opensearch.action.get.MultiGetResponse;
import org.opensearch.action.support.ListenerTimeouts;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.common.util.concurrent.AbstractRunnable;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.NotifyOnceListener;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.client.Client;

/**
 * Gets stored vectors by real-time multi-gets of a bounded size, one after the other, with the
 * caller's rights. Never waits: answers go on in a thread of the write pool, where ingest belongs.
 * Thread-safe.
 */
final class VectorFetch {

  /** Makes fetches that give each multi-get so much time. */
  interface Source {
    VectorFetch within(TimeValue timeout);
  }

  /** Documents asked for by one multi-get. */
  static final int MAX_GET = 1_024;

  /** Documents asked for by one bulk. */
  static final int MAX_WANTED = 1 << 17;

  /** Numbers brought for one bulk; 64 MB as float32. */
  static final int MAX_VALUES = 1 << 24;

  private final Client client;
  private final FetchGate gate;
  private final TimeValue timeout;

  VectorFetch(Client client, FetchGate gate, TimeValue timeout) {
    this.client = client;
    this.gate = gate;
    this.timeout = timeout;
  }

  /**
   * Gets them all.
   *
   * @param wanted without duplicates
   * @param then called once, with an outcome for each; in this thread if nothing is wanted
   */
  void fetch(Collection<StoredVector> wanted, Consumer<Fetched> then) {
    new Run(List.copyOf(wanted), then).next();
  }

  /** One bulk's. Steps follow each other, so its state needs no lock. */
  private final class Run {

    private final List<StoredVector> wanted;
    private final Consumer<Fetched> then;
    private final Fetched outcomes = new Fetched();
    private int position;
    private long values;

    Run(List<StoredVector> wanted, Consumer<Fetched> then) {
      this.wanted = wanted;
      this.then = then;
    }

    void next() {
      if (position < wanted.size() && values > MAX_VALUES) {
        failAll(
            wanted.subList(position, wanted.size()),
            FetchFailure.tooMuch("numbers in vectors", MAX_VALUES));
        position = wanted.size();
      }
      if (position == wanted.size()) {
        then.accept(outcomes);
        return;
      }
      List<StoredVector> asked =
          wanted.subList(position, Math.min(position + MAX_GET, wanted.size()));
      position += asked.size();
      ActionListener<MultiGetResponse> answer = answer(asked);
      gate.enter(() -> send(asked, answer), answer::onFailure);
    }

    private void send(List<StoredVector> asked, ActionListener<MultiGetResponse> answer) {
      client.multiGet(
          StoredGet.request(asked),
          ListenerTimeouts.wrapWithTimeout(
              client.threadPool(),
              answer,
              timeout,
              ThreadPool.Names.GENERIC,
              "get of [" + asked.size() + "] vectors"));
    }

    private ActionListener<MultiGetResponse> answer(List<StoredVector> asked) {
      return new NotifyOnceListener<>() {
        @Override
        protected void innerOnResponse(MultiGetResponse response) {
          gate.leave();
          goOn(asked, () -> read(asked, response.getResponses()));
        }

        @Override
        protected void innerOnFailure(Exception e) {
          gate.leave();
          goOn(asked, () -> asked.forEach(vector -> fail(vector, e)));
        }
      };
    }

    /** Takes what came, and the next step, in a thread made for it. */
    private void goOn(List<StoredVector> asked, Runnable take) {
      client
          .threadPool()
          .executor(ThreadPool.Names.WRITE)
          .execute(
              new AbstractRunnable() {
                private boolean taken;

                @Override
                protected void doRun() {
                  take.run();
                  taken = true;
                  next();
                }

                @Override
                public void onFailure(Exception e) {
                  if (taken) {
                    throw new IllegalStateException("a later processor failed to answer", e);
                  }
                  asked.forEach(vector -> fail(vector, e));
                  next();
                }

                /** As the bulk itself, which was admitted long ago. */
                @Override
                public boolean isForceExecution() {
                  return true;
                }
              });
    }

    private void read(List<StoredVector> asked, MultiGetItemResponse[] items) {
      for (int i = 0; i < items.length; i++) {
        StoredVector vector = asked.get(i);
        if (items[i].isFailed()) {
          fail(vector, items[i].getFailure().getFailure());
          continue;
        }
        Fetched.Outcome<float[]> outcome = StoredGet.read(vector, items[i].getResponse());
        if (outcome instanceof Fetched.Found<float[]> found) {
          values += found.value().length;
        }
        outcomes.put(vector, outcome);
      }
    }

    private void fail(StoredVector vector, Exception e) {
      outcomes.put(vector, new Fetched.Failed<>(FetchFailure.explain(e, vector.index())));
    }

    private void failAll(List<StoredVector> vectors, Exception e) {
      vectors.forEach(vector -> outcomes.put(vector, new Fetched.Failed<>(e)));
    }
  }
}

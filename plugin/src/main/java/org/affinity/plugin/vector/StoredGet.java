/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.vector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.opensearch.action.ActionRunnable;
import org.opensearch.action.get.GetResponse;
import org.opensearch.action.get.MultiGetItemResponse;
import org.opensearch.action.get.MultiGetRequest;
import org.opensearch.action.get.MultiGetResponse;
import org.opensearch.action.support.ContextPreservingActionListener;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.client.Client;

/**
 * Gets parts of stored documents by one real-time multi-get, with the caller's rights. Many vectors
 * are first asked for as stored fields, which nobody parses; those not kept that way, because they
 * are new or their index does not cut them out of its source, come by a second multi-get from the
 * source. Few come from the source at once.
 */
public final class StoredGet {

  /** From so many vectors on, not parsing their documents is worth a second multi-get for some. */
  static final int MANY = 4;

  /**
   * Sources of so many bytes are parsed on a search thread: the answer may have come on a thread of
   * the network.
   */
  private static final long LARGE = 64 * 1024;

  private final Client client;
  private final Fetched fetched = new Fetched();

  private StoredGet(Client client) {
    this.client = client;
  }

  /**
   * Gets them all.
   *
   * @param parts without duplicates, not empty
   * @param listener runs with the context of this call, in a thread of the get or of search
   */
  public static void get(
      Client client, Collection<? extends StoredPart<?>> parts, ActionListener<Fetched> listener) {
    StoredGet get = new StoredGet(client);
    long vectors = parts.stream().filter(StoredVector.class::isInstance).count();
    get.send(
        List.copyOf(parts),
        vectors >= MANY,
        ContextPreservingActionListener.wrapPreservingContext(
            listener, client.threadPool().getThreadContext()));
  }

  /** Asks for the sources of documents. */
  public static MultiGetRequest request(Collection<? extends StoredPart<?>> parts) {
    MultiGetRequest request = new MultiGetRequest();
    parts.forEach(part -> request.add(part.sourceItem()));
    return request;
  }

  /** Reads one answer to {@link #request}. */
  public static <T> Fetched.Outcome<T> read(StoredPart<T> part, GetResponse response) {
    if (!response.isExists()) {
      return new Fetched.Missing<>(part.document() + " does not exist");
    }
    try {
      return part.read(response);
    } catch (RuntimeException e) {
      return new Fetched.Failed<>(e);
    }
  }

  private void send(
      List<? extends StoredPart<?>> parts, boolean asFields, ActionListener<Fetched> listener) {
    client.multiGet(
        asFields ? fieldsRequest(parts) : request(parts),
        ActionListener.wrap(
            response -> {
              if (sourceBytes(response) < LARGE) {
                take(parts, asFields, response, listener);
              } else {
                client
                    .threadPool()
                    .executor(ThreadPool.Names.SEARCH)
                    .execute(
                        ActionRunnable.wrap(
                            listener, done -> take(parts, asFields, response, done)));
              }
            },
            listener::onFailure));
  }

  private void take(
      List<? extends StoredPart<?>> parts,
      boolean asFields,
      MultiGetResponse response,
      ActionListener<Fetched> listener) {
    List<StoredPart<?>> again = read(parts, asFields, response);
    if (again.isEmpty()) {
      listener.onResponse(fetched);
    } else {
      send(again, false, listener);
    }
  }

  private static long sourceBytes(MultiGetResponse response) {
    long bytes = 0;
    for (MultiGetItemResponse item : response) {
      if (!item.isFailed() && item.getResponse().isExists()) {
        BytesReference source = item.getResponse().getSourceInternal();
        bytes += source == null ? 0 : source.length();
      }
    }
    return bytes;
  }

  private static MultiGetRequest fieldsRequest(Collection<? extends StoredPart<?>> parts) {
    MultiGetRequest request = new MultiGetRequest();
    for (StoredPart<?> part : parts) {
      request.add(
          part instanceof StoredVector vector ? vector.storedFieldItem() : part.sourceItem());
    }
    return request;
  }

  /** Returns those to be read from the source. */
  private List<StoredPart<?>> read(
      List<? extends StoredPart<?>> parts, boolean asFields, MultiGetResponse response) {
    List<StoredPart<?>> again = new ArrayList<>();
    MultiGetItemResponse[] items = response.getResponses();
    for (int i = 0; i < items.length; i++) {
      if (!read(parts.get(i), items[i], asFields)) {
        again.add(parts.get(i));
      }
    }
    return again;
  }

  /** Returns false if it has to be read from the source. */
  private <T> boolean read(StoredPart<T> part, MultiGetItemResponse item, boolean asFields) {
    if (item.isFailed()) {
      fetched.put(part, new Fetched.Failed<>(item.getFailure().getFailure()));
      return true;
    }
    GetResponse response = item.getResponse();
    if (asFields && response.isExists() && part instanceof StoredVector vector) {
      Fetched.Outcome<float[]> outcome = vector.readStoredField(response);
      if (outcome != null) {
        fetched.put(vector, outcome);
      }
      return outcome != null;
    }
    fetched.put(part, read(part, response));
    return true;
  }
}

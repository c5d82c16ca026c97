/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import static org.hamcrest.Matchers.containsString;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.ActionType;
import org.opensearch.action.get.GetResponse;
import org.opensearch.action.get.MultiGetItemResponse;
import org.opensearch.action.get.MultiGetRequest;
import org.opensearch.action.get.MultiGetResponse;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.index.VersionType;
import org.opensearch.index.get.GetResult;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.ingest.IngestDocumentWrapper;
import org.opensearch.ingest.Processor;
import org.opensearch.ingest.TestTemplateService;
import org.opensearch.test.OpenSearchTestCase;
import org.opensearch.test.client.NoOpClient;

/** Limits and time, against a client that answers at once, with what it likes, or never. */
public class VectorFetchTests extends OpenSearchTestCase {

  /** Every document holds the same vector. */
  private static final class Store extends NoOpClient {

    private final AtomicInteger requests = new AtomicInteger();
    private final BytesReference source;
    private volatile boolean silent;

    Store(float... vector) {
      super("store");
      this.source = new BytesArray("{\"v\": \"" + ProcessorTestCase.base64(vector) + "\"}");
    }

    @Override
    @SuppressWarnings("unchecked")
    protected <I extends ActionRequest, O extends ActionResponse> void doExecute(
        ActionType<O> action, I request, ActionListener<O> listener) {
      requests.incrementAndGet();
      if (!silent) {
        listener.onResponse((O) answer((MultiGetRequest) request));
      }
    }

    private MultiGetResponse answer(MultiGetRequest request) {
      return new MultiGetResponse(
          request.getItems().stream()
              .map(
                  item -> new GetResult(item.index(), item.id(), 0, 1, 1, true, source, null, null))
              .map(result -> new MultiGetItemResponse(new GetResponse(result), null))
              .toArray(MultiGetItemResponse[]::new));
    }
  }

  private static Fetched fetch(Store store, FetchGate gate, String timeout, int count)
      throws Exception {
    CompletableFuture<Fetched> fetched = new CompletableFuture<>();
    new VectorFetch(store, gate, TimeValue.parseTimeValue(timeout, "timeout"))
        .fetch(
            IntStream.range(0, count)
                .mapToObj(i -> new StoredVector("index", "" + i, null, "v"))
                .toList(),
            fetched::complete);
    return fetched.get(60, TimeUnit.SECONDS);
  }

  private static FetchGate gate(Store store) {
    return new FetchGate(store.threadPool().getThreadContext());
  }

  public void testNumbersBeyondTheLimitAreA429AndNotAskedFor() throws Exception {
    try (Store store = new Store(new float[4096])) {
      int pieces = VectorFetch.MAX_VALUES / 4096 / VectorFetch.MAX_GET + 1;
      Fetched fetched = fetch(store, gate(store), "1m", (pieces + 1) * VectorFetch.MAX_GET);
      assertEquals(pieces, store.requests.get());
      long found =
          IntStream.range(0, fetched.size())
              .mapToObj(i -> fetched.outcome(new StoredVector("index", "" + i, null, "v")))
              .filter(Fetched.Found.class::isInstance)
              .count();
      assertEquals((long) pieces * VectorFetch.MAX_GET, found);
      StoredVector last = new StoredVector("index", "" + (pieces * VectorFetch.MAX_GET), null, "v");
      Exception e = expectThrows(Exception.class, () -> fetched.get(last));
      assertEquals(429, ExceptionsHelper.status(e).getStatus());
      assertThat(e.getMessage(), containsString("send fewer documents per request"));
    }
  }

  public void testSilenceEndsInA503AndFreesItsPlace() throws Exception {
    try (Store store = new Store(1, 2)) {
      FetchGate gate = gate(store);
      store.silent = true;
      for (int i = 0; i < FetchGate.MAX_UNDER_WAY + 2; i++) {
        Fetched fetched = fetch(store, gate, "5ms", 1);
        Exception e =
            expectThrows(
                Exception.class, () -> fetched.get(new StoredVector("index", "0", null, "v")));
        assertEquals(503, ExceptionsHelper.status(e).getStatus());
        assertThat(e.getMessage(), containsString("timed out after [5ms]; try again"));
      }
      store.silent = false;
      assertTrue(
          fetch(store, gate, "1m", 1).outcome(new StoredVector("index", "0", null, "v"))
              instanceof Fetched.Found);
    }
  }

  public void testDocumentsBeyondWhatOneBulkMayAskForAreA429() throws Exception {
    try (Store store = new Store(1, 2)) {
      FetchGate gate = gate(store);
      LookupProcessor processor =
          LookupProcessor.create(
              new ProcessorConfig(
                  LookupProcessor.TYPE,
                  null,
                  null,
                  ProcessorTestCase.json(
                      "{\"field\": \"id\", \"index\": \"index\", \"target_field\": \"v\"}"),
                  TestTemplateService.instance()),
              timeout -> new VectorFetch(store, gate, timeout));
      List<IngestDocumentWrapper> documents = new ArrayList<>();
      for (int i = 0; i < VectorFetch.MAX_WANTED + 2; i++) {
        int id = i == VectorFetch.MAX_WANTED + 1 ? 0 : i;
        IngestDocument document =
            new IngestDocument("books", "" + i, null, null, VersionType.INTERNAL, Map.of("id", id));
        documents.add(new IngestDocumentWrapper(i, 0, document, null));
      }
      CompletableFuture<List<IngestDocumentWrapper>> done = new CompletableFuture<>();
      processor.batchExecute(documents, done::complete);
      List<IngestDocumentWrapper> results = done.get(60, TimeUnit.SECONDS);
      assertEquals(documents.size(), results.size());
      for (int i = 0; i < results.size(); i++) {
        Exception e = results.get(i).getException();
        assertEquals("at " + i, i == VectorFetch.MAX_WANTED, e != null);
        if (e != null) {
          assertEquals(429, ExceptionsHelper.status(e).getStatus());
        }
      }
    }
  }

  public void testNumbersWrittenBeyondTheLimitAreA429() throws Exception {
    int dimension = ProcessorConfig.MAX_DIMENSION;
    try (Store store = new Store(new float[dimension])) {
      FetchGate gate = gate(store);
      VectorFetch.Source source = timeout -> new VectorFetch(store, gate, timeout);
      String from = "\"index\": \"index\", \"source_field\": \"v\"";
      assertWrittenUpToTheLimit(
          LookupProcessor.create(
              config(
                  LookupProcessor.TYPE,
                  "{\"field\": \"id\", \"target_field\": \"v\", " + from + "}"),
              source),
          dimension);
      assertWrittenUpToTheLimit(
          CombineProcessor.create(
              config(
                  CombineProcessor.TYPE,
                  "{\"inputs\": [{\"field\": \"id\", "
                      + from
                      + "}], \"target_field\": \"v\", \"output\": \"array\"}"),
              source,
              null),
          dimension);
      assertWrittenUpToTheLimit(
          HashMethod.create(
              config(
                  HashMethod.TYPE,
                  "{\"method\": \"bloom\", \"field\": \"id\", \"rows\": 3,"
                      + " \"target_field\": \"v\", "
                      + from
                      + "}"),
              source),
          dimension);
      assertWrittenUpToTheLimit(
          HashMethod.create(
              config(
                  HashMethod.TYPE,
                  "{\"method\": \"signed\", \"field\": \"id\", \"dimension\": "
                      + dimension
                      + ", \"target_field\": \"v\"}"),
              source),
          dimension);
    }
  }

  private static ProcessorConfig config(String type, String json) {
    return new ProcessorConfig(
        type, null, null, ProcessorTestCase.json(json), TestTemplateService.instance());
  }

  /** All documents name the same id. */
  private static void assertWrittenUpToTheLimit(Processor processor, int dimension)
      throws Exception {
    int fit = WrittenNumbers.MAX / dimension;
    List<IngestDocumentWrapper> documents = new ArrayList<>();
    for (int i = 0; i < fit + 2; i++) {
      IngestDocument document =
          new IngestDocument("books", "" + i, null, null, VersionType.INTERNAL, Map.of("id", 1));
      documents.add(new IngestDocumentWrapper(i, 0, document, null));
    }
    CompletableFuture<List<IngestDocumentWrapper>> done = new CompletableFuture<>();
    processor.batchExecute(documents, done::complete);
    List<IngestDocumentWrapper> results = done.get(60, TimeUnit.SECONDS);
    assertEquals(documents.size(), results.size());
    for (int i = 0; i < results.size(); i++) {
      Exception e = results.get(i).getException();
      assertEquals(processor.getType() + " at " + i + ": " + e, i >= fit, e != null);
      assertEquals(i < fit, results.get(i).getIngestDocument().hasField("v"));
      if (e != null) {
        assertEquals(429, ExceptionsHelper.status(e).getStatus());
        assertThat(e.getMessage(), containsString("at most [16777216] numbers written"));
      }
    }
  }
}

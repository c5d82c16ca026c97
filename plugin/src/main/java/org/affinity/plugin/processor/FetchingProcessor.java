/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.ingest.AbstractProcessor;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.ingest.IngestDocumentWrapper;

/**
 * A processor whose documents need stored vectors: those of one bulk are got together, each once. A
 * document that fails leaves the others alone. Thread-safe.
 */
abstract class FetchingProcessor extends AbstractProcessor {

  /** A document's part. */
  interface Work {

    /** Nothing to do. */
    Work NONE =
        new Work() {
          @Override
          public Collection<StoredVector> needs() {
            return List.of();
          }

          @Override
          public void finish(Fetched vectors, WrittenNumbers written) {}
        };

    Collection<StoredVector> needs();

    /** Changes the document, or throws and leaves it as it is. */
    void finish(Fetched vectors, WrittenNumbers written) throws Exception;
  }

  private record Started(IngestDocumentWrapper document, Work work, Exception failure) {}

  private final VectorFetch fetch;

  FetchingProcessor(ProcessorConfig config, VectorFetch fetch) {
    super(config.tag(), config.description());
    this.fetch = fetch;
  }

  /**
   * Says what a document needs.
   *
   * @throws IllegalArgumentException if it cannot be served
   */
  abstract Work begin(IngestDocument document);

  @Override
  public final void batchExecute(
      List<IngestDocumentWrapper> documents, Consumer<List<IngestDocumentWrapper>> handler) {
    Set<StoredVector> wanted = new LinkedHashSet<>();
    List<Started> started = new ArrayList<>(documents.size());
    for (IngestDocumentWrapper document : documents) {
      started.add(start(document, wanted));
    }
    fetch.fetch(
        wanted,
        fetched -> {
          WrittenNumbers written = new WrittenNumbers();
          handler.accept(started.stream().map(one -> finish(one, fetched, written)).toList());
        });
  }

  private Started start(IngestDocumentWrapper document, Set<StoredVector> wanted) {
    try {
      Work work = begin(document.getIngestDocument());
      Collection<StoredVector> needs = work.needs();
      if (needs.size() > DocumentField.MAX_VALUES) {
        throw new IllegalArgumentException(
            DocumentField.nameOf(document.getIngestDocument())
                + " asks for ["
                + needs.size()
                + "] vectors; at most ["
                + DocumentField.MAX_VALUES
                + "] are taken");
      }
      if (wanted.size() + needs.size() > VectorFetch.MAX_WANTED && !wanted.containsAll(needs)) {
        throw FetchFailure.tooMuch("stored vectors", VectorFetch.MAX_WANTED);
      }
      wanted.addAll(needs);
      return new Started(document, work, null);
    } catch (Exception e) {
      return new Started(document, Work.NONE, e);
    }
  }

  private static IngestDocumentWrapper finish(
      Started one, Fetched fetched, WrittenNumbers written) {
    Exception failure = one.failure();
    if (failure == null) {
      try {
        one.work().finish(fetched, written);
      } catch (Exception e) {
        failure = e;
      }
    }
    IngestDocumentWrapper document = one.document();
    return new IngestDocumentWrapper(
        document.getSlot(), document.getChildSlot(), document.getIngestDocument(), failure);
  }

  @Override
  public final void execute(
      IngestDocument document, BiConsumer<IngestDocument, Exception> handler) {
    batchExecute(
        List.of(new IngestDocumentWrapper(0, 0, document, null)),
        done -> {
          Exception failure = done.get(0).getException();
          handler.accept(failure == null ? document : null, failure);
        });
  }

  @Override
  public final IngestDocument execute(IngestDocument document) {
    throw new UnsupportedOperationException("[" + getType() + "] answers asynchronously only");
  }
}

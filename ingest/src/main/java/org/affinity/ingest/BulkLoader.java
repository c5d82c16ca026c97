/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Streams embeddings into an index.
 *
 * <p>The calling thread reads and writes documents; a bounded number of requests waits for answers
 * beside it. When that number is reached the reader waits for the oldest: a slow server slows the
 * reading, and memory stays flat. Answers are settled in the order of the source, so that at any
 * moment "all rows up to n" is known to be stored, which is what makes a load resumable.
 *
 * <p>Of several rows with one id the last wins: a request waits while one before it that has an id
 * in common is unsettled.
 */
public final class BulkLoader {
  private final ServerConnection server;
  private final BulkTarget target;
  private final BulkOptions options;
  private final LoadListener listener;

  /** A loader for one field of one index. */
  public BulkLoader(
      ServerConnection server, BulkTarget target, BulkOptions options, LoadListener listener) {
    this.server = server;
    this.target = target;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Loads all rows, or those after the last that the ledger has settled.
   *
   * @param reader the rows; the caller closes it
   * @param ledger is told what is acknowledged
   * @return what was done
   * @throws IOException if the source cannot be read on, or the server refuses to go on; what the
   *     ledger was told stays true
   */
  public LoadReport load(EmbeddingReader reader, LoadLedger ledger)
      throws IOException, InterruptedException {
    BulkSender sender =
        new BulkSender(server, target, options.mode(), options.retry(), ledger.isResumed());
    return new Run(reader, ledger, sender::send).load();
  }

  /**
   * Does all that {@link #load} does but for sending: reads, checks and writes every row.
   *
   * @param reader the rows; the caller closes it
   * @param ledger is told of rejected rows
   * @return what would have been sent, as loaded
   * @throws IOException if the source cannot be read on
   */
  public LoadReport check(EmbeddingReader reader, LoadLedger ledger)
      throws IOException, InterruptedException {
    return new Run(reader, ledger, batch -> BulkSender.Outcome.unsent(batch.documents().size()))
        .load();
  }

  /** Where batches go. */
  private interface Sink {
    BulkSender.Outcome send(BulkBatch batch) throws IOException, InterruptedException;
  }

  /** One load's counters and the requests it waits for. */
  private final class Run {
    private final long start = System.nanoTime();
    private final EmbeddingReader reader;
    private final LoadLedger ledger;
    private final BatchBuilder batches;
    private final Sink sink;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private Tally documents = Tally.NONE;
    private long rejected;

    Run(EmbeddingReader reader, LoadLedger ledger, Sink sink) {
      this.reader = reader;
      this.ledger = ledger;
      this.sink = sink;
      DocumentWriter writer = new DocumentWriter(target.field(), options.mode());
      this.batches = new BatchBuilder(reader, writer, options);
    }

    LoadReport load() throws IOException, InterruptedException {
      ExecutorService requests =
          Executors.newFixedThreadPool(
              options.inFlight(), Thread.ofPlatform().name("bulk-", 0).daemon().factory());
      try {
        batches.skipTo(ledger.settledRow());
        sendAll(requests);
      } finally {
        requests.shutdownNow();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new LoadReport(batches.skipped(), batches.read(), documents, rejected, seconds);
    }

    private void sendAll(ExecutorService requests) throws IOException, InterruptedException {
      for (Optional<BulkBatch> next = read(); next.isPresent(); next = read()) {
        BulkBatch batch = next.get();
        Set<String> ids = batch.ids();
        while (pending.size() >= options.inFlight() || isOldestDone() || isUnderWay(ids)) {
          settleOldest();
        }
        pending.add(new Pending(batch, ids, requests.submit(() -> sink.send(batch))));
      }
      while (!pending.isEmpty()) {
        settleOldest();
      }
    }

    /** The next batch; where the source breaks, what is on its way is settled first. */
    private Optional<BulkBatch> read() throws IOException, InterruptedException {
      try {
        return batches.next();
      } catch (IOException broken) {
        try {
          while (!pending.isEmpty()) {
            settleOldest();
          }
        } catch (IOException e) {
          broken.addSuppressed(e);
        }
        throw broken;
      }
    }

    private boolean isOldestDone() {
      return !pending.isEmpty() && pending.getFirst().outcome().isDone();
    }

    /** True if an unsettled request, which may yet be repeated, has a document with such an id. */
    private boolean isUnderWay(Set<String> ids) {
      return pending.stream().anyMatch(each -> !Collections.disjoint(each.ids(), ids));
    }

    private void settleOldest() throws IOException, InterruptedException {
      Pending oldest = pending.removeFirst();
      BulkSender.Outcome outcome = await(oldest.outcome());
      List<Row.Rejected> refused = new ArrayList<>(oldest.batch().unreadable());
      refused.addAll(outcome.refused());
      refused.sort(Comparator.comparingLong(Row.Rejected::number));
      documents = documents.plus(outcome.documents());
      rejected += refused.size();
      ledger.settle(oldest.batch().lastRow(), outcome.documents(), refused);
      listener.progress(
          new LoadProgress(
              documents.loaded(), rejected, oldest.batch().position(), reader.length()));
    }

    private static BulkSender.Outcome await(Future<BulkSender.Outcome> future)
        throws IOException, InterruptedException {
      try {
        return future.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw new LoadException(io.getMessage(), io);
        }
        throw new LoadException("a bulk request failed: " + e.getCause(), e.getCause());
      }
    }
  }

  private record Pending(BulkBatch batch, Set<String> ids, Future<BulkSender.Outcome> outcome) {}
}

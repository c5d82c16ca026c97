/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends one batch until every document of it is either stored or refused for good.
 *
 * <p>Refused for the moment, and sent again after a pause: a request or a document answered with
 * 429, 502, 503 or 504, and a request with no answer at all. Refused for good: any other answer
 * about one document (a pipeline that drops it included), except those that say nothing about it
 * (401, 403, 404: no right to write, no index, a write block), which end the load. Sending twice is
 * harmless, for ids are explicit; a later document with the id of one that is sent again follows it
 * again, so that it stays the last.
 *
 * <p>Where only missing documents are made, a document that is there may be one that this load made
 * itself: by a request that was not answered, or in a run that was killed. It is if it holds the
 * row's vector, bit for bit.
 */
final class BulkSender {
  private static final String FILTER =
      "?filter_path=errors,error,items.*._id,items.*.status,items.*.result,items.*._seq_no,"
          + "items.*.error";

  private final ServerConnection server;
  private final String path;
  private final WriteMode mode;
  private final RetryPolicy retry;
  private final boolean resumed;
  private final StoredVectors stored;

  /** A sender; resumed says that an earlier run may have sent some of the documents. */
  BulkSender(
      ServerConnection server,
      BulkTarget target,
      WriteMode mode,
      RetryPolicy retry,
      boolean resumed) {
    this.server = server;
    this.path = "/" + ServerConnection.segment(target.index()) + "/_bulk" + FILTER;
    this.mode = mode;
    this.retry = retry;
    this.resumed = resumed;
    this.stored = new StoredVectors(server, target);
  }

  /** What became of a batch. */
  static final class Outcome {
    private long loaded;
    private long created;
    private long unmatched;
    private final List<Row.Rejected> refused = new ArrayList<>();

    /** Of documents that are not sent, but could be. */
    static Outcome unsent(int documents) {
      Outcome outcome = new Outcome();
      outcome.loaded = documents;
      return outcome;
    }

    Tally documents() {
      return new Tally(loaded, created, unmatched);
    }

    List<Row.Rejected> refused() {
      return refused;
    }
  }

  Outcome send(BulkBatch batch) throws IOException, InterruptedException {
    Outcome outcome = new Outcome();
    send(batch.documents(), outcome, resumed);
    return outcome;
  }

  /** Sends until all are settled; repeated says that they may have been sent before. */
  private void send(List<BulkBatch.Document> documents, Outcome outcome, boolean repeated)
      throws IOException, InterruptedException {
    List<BulkBatch.Document> left = documents;
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      Again again = attempt(left, outcome, repeated || attempt > 1);
      left = again.documents();
      if (left.isEmpty()) {
        return;
      }
      if (again.alone()) {
        for (BulkBatch.Document document : left) {
          send(List.of(document), outcome, true);
        }
        return;
      }
      if (attempt == retry.attempts()) {
        throw new LoadException(
            "%s: %s, %d times; rows %,d to %,d are not acknowledged"
                .formatted(
                    server.endpoint(),
                    again.reason(),
                    attempt,
                    left.getFirst().row(),
                    left.getLast().row()));
      }
      Thread.sleep(retry.pause(attempt));
    }
  }

  private Again attempt(List<BulkBatch.Document> documents, Outcome outcome, boolean repeated)
      throws IOException, InterruptedException {
    Reply reply;
    try {
      reply = server.send("POST", path, BulkBatch.body(documents), "application/x-ndjson");
    } catch (LoadException e) {
      throw e;
    } catch (IOException e) {
      return new Again(documents, Reply.none(e));
    }
    if (Reply.isPassing(reply.status())) {
      return new Again(documents, reply.status() + " " + reply.reason());
    }
    if (reply.status() == 413 && documents.size() > 1) {
      int half = documents.size() / 2;
      send(documents.subList(0, half), outcome, repeated);
      send(documents.subList(half, documents.size()), outcome, repeated);
      return new Again(List.of(), "");
    }
    JsonNode items = reply.body().path("items");
    if (!reply.isOk() || items.size() != documents.size()) {
      throw new LoadException(
          "%s refused a bulk request with %d: %s"
              .formatted(server.endpoint(), reply.status(), reply.reason()));
    }
    return settle(documents, items, outcome, repeated);
  }

  private Again settle(
      List<BulkBatch.Document> documents, JsonNode items, Outcome outcome, boolean sentBefore)
      throws IOException, InterruptedException {
    List<BulkBatch.Document> again = new ArrayList<>();
    List<BulkBatch.Document> existing = new ArrayList<>();
    Set<String> repeated = new HashSet<>();
    String reason = "";
    boolean alone = false;
    List<JsonNode> paired = BulkItems.pair(documents, items);
    for (int i = 0; i < documents.size(); i++) {
      BulkBatch.Document document = documents.get(i);
      JsonNode item = paired.get(i);
      if (item == null) {
        again.add(document);
        repeated.add(document.id());
        alone = true;
        continue;
      }
      int status = item.path("status").asInt();
      if (isDropped(item)) {
        outcome.refused.add(
            new Row.Rejected(document.row(), document.id(), "dropped by an ingest pipeline"));
      } else if (status >= 200 && status < 300) {
        outcome.created += item.path("result").asText().equals("created") ? 1 : 0;
        if (repeated.contains(document.id())) {
          again.add(document);
        } else {
          outcome.loaded++;
        }
      } else if (Reply.isPassing(status)) {
        again.add(document);
        repeated.add(document.id());
        reason = status + " " + Reply.reasonOf(item.path("error"));
      } else if (status == 409 && mode == WriteMode.CREATE_ONLY) {
        existing.add(document);
      } else {
        refuse(document, status, item.path("error"), outcome);
      }
    }
    Again unknown = settleExisting(existing, sentBefore, outcome);
    again.addAll(unknown.documents());
    again.sort(Comparator.comparingLong(BulkBatch.Document::row));
    return new Again(again, reason.isEmpty() ? unknown.reason() : reason, alone);
  }

  /** A noop without a sequence number; of an update that changes nothing it is the document's. */
  private static boolean isDropped(JsonNode item) {
    return item.path("result").asText().equals("noop") && item.path("_seq_no").isMissingNode();
  }

  private void refuse(BulkBatch.Document document, int status, JsonNode error, Outcome outcome)
      throws LoadException {
    String type = error.path("type").asText();
    String why = Reply.reasonOf(error);
    if (type.equals("document_missing_exception")) {
      outcome.unmatched++;
      why = "there is no document with this id, and none is made";
    } else if (status == 401
        || status == 403
        || status == 404
        || type.equals("index_closed_exception")) {
      throw new LoadException(
          "%s refused row %,d with %d: %s"
              .formatted(server.endpoint(), document.row(), status, why));
    }
    outcome.refused.add(new Row.Rejected(document.row(), document.id(), why));
  }

  /** Tells our own documents from others'; what could not be looked up is to be sent again. */
  private Again settleExisting(
      List<BulkBatch.Document> existing, boolean sentBefore, Outcome outcome)
      throws IOException, InterruptedException {
    StoredVectors.Found there =
        sentBefore && !existing.isEmpty()
            ? stored.of(existing.stream().map(BulkBatch.Document::id).toList())
            : StoredVectors.Found.NONE;
    List<BulkBatch.Document> unknown = new ArrayList<>();
    for (BulkBatch.Document document : existing) {
      if (there.unknown().contains(document.id())) {
        unknown.add(document);
      } else if (Arrays.equals(there.vectors().get(document.id()), document.vector())) {
        outcome.loaded++;
        outcome.created++;
      } else {
        outcome.unmatched++;
        outcome.refused.add(
            new Row.Rejected(
                document.row(),
                document.id(),
                "there is a document with this id, and it is left as it is"));
      }
    }
    return new Again(unknown, there.reason());
  }

  /** What is to be sent again, and why; or alone, each in a request of its own, at once. */
  private record Again(List<BulkBatch.Document> documents, String reason, boolean alone) {
    Again(List<BulkBatch.Document> documents, String reason) {
      this(documents, reason, false);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends one batch until every document of it is either stored or refused for good.
 *
 * <p>Refused for the moment, and sent again after a pause: a request or a document answered with
 * 429, 502, 503 or 504, and a request with no answer at all. Refused for good: any other answer
 * about one document, except those that say nothing about it (401, 403, 404: no right to write, no
 * index, a write block), which end the load. Sending twice is harmless, for ids are explicit; a
 * later document with the id of one that is sent again follows it again, so that it stays the last.
 */
final class BulkSender {
  private static final String FILTER =
      "?filter_path=errors,error,items.*.status,items.*.result,items.*.error";

  private final ServerConnection server;
  private final String path;
  private final RetryPolicy retry;

  BulkSender(ServerConnection server, String index, RetryPolicy retry) {
    this.server = server;
    this.path = "/" + ServerConnection.segment(index) + "/_bulk" + FILTER;
    this.retry = retry;
  }

  /** What became of a batch. */
  static final class Outcome {
    private long loaded;
    private long created;
    private final List<Row.Rejected> refused = new ArrayList<>();

    long loaded() {
      return loaded;
    }

    long created() {
      return created;
    }

    List<Row.Rejected> refused() {
      return refused;
    }
  }

  Outcome send(BulkBatch batch) throws IOException, InterruptedException {
    Outcome outcome = new Outcome();
    send(batch.documents(), outcome);
    return outcome;
  }

  private void send(List<BulkBatch.Document> documents, Outcome outcome)
      throws IOException, InterruptedException {
    List<BulkBatch.Document> left = documents;
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      Again again = attempt(left, outcome);
      left = again.documents();
      if (left.isEmpty()) {
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

  private Again attempt(List<BulkBatch.Document> documents, Outcome outcome)
      throws IOException, InterruptedException {
    Reply reply;
    try {
      reply = server.send("POST", path, BulkBatch.body(documents), "application/x-ndjson");
    } catch (LoadException e) {
      throw e;
    } catch (IOException e) {
      String message = e.getMessage() == null ? "" : ": " + e.getMessage();
      return new Again(documents, "no answer (" + e.getClass().getSimpleName() + message + ")");
    }
    if (isPassing(reply.status())) {
      return new Again(documents, reply.status() + " " + reply.reason());
    }
    if (reply.status() == 413 && documents.size() > 1) {
      int half = documents.size() / 2;
      send(documents.subList(0, half), outcome);
      send(documents.subList(half, documents.size()), outcome);
      return new Again(List.of(), "");
    }
    JsonNode items = reply.body().path("items");
    if (!reply.isOk() || items.size() != documents.size()) {
      throw new LoadException(
          "%s refused a bulk request with %d: %s"
              .formatted(server.endpoint(), reply.status(), reply.reason()));
    }
    return settle(documents, items, outcome);
  }

  private Again settle(List<BulkBatch.Document> documents, JsonNode items, Outcome outcome)
      throws LoadException {
    List<BulkBatch.Document> again = new ArrayList<>();
    Set<String> repeated = new HashSet<>();
    String reason = "";
    for (int i = 0; i < documents.size(); i++) {
      BulkBatch.Document document = documents.get(i);
      JsonNode item = items.get(i).elements().next();
      int status = item.path("status").asInt();
      if (status >= 200 && status < 300) {
        outcome.created += item.path("result").asText().equals("created") ? 1 : 0;
        if (repeated.contains(document.id())) {
          again.add(document);
        } else {
          outcome.loaded++;
        }
        continue;
      }
      String why = Reply.reasonOf(item.path("error"));
      if (isPassing(status)) {
        again.add(document);
        repeated.add(document.id());
        reason = status + " " + why;
      } else if (status == 401 || status == 403 || status == 404) {
        throw new LoadException(
            "%s refused row %,d with %d: %s"
                .formatted(server.endpoint(), document.row(), status, why));
      } else {
        outcome.refused.add(new Row.Rejected(document.row(), document.id(), why));
      }
    }
    return new Again(again, reason);
  }

  private static boolean isPassing(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  private record Again(List<BulkBatch.Document> documents, String reason) {}
}

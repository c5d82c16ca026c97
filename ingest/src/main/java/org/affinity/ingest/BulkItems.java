/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which item of a bulk answer is about which document.
 *
 * <p>Items of documents that reached a shard stand where their documents do. Those of documents
 * that an ingest pipeline failed or dropped stand in the order in which that happened, and of
 * updates they do not even name the document ({@code TransportBulkAction.BulkRequestModifier}).
 */
final class BulkItems {
  /** What OpenSearch calls a dropped document whose id it does not know. */
  private static final String NAMELESS = "auto-generated";

  private BulkItems() {}

  /**
   * Pairs items with documents: where ids agree, else the rest by id, in order. Items without an id
   * go to the documents that are left if they are all alike.
   *
   * @param documents what was sent
   * @param items the answer, one for each document
   * @return an item for each document; null where it cannot be told which it is, never so for a
   *     single document
   * @throws LoadException if an item names a document that was not sent
   */
  static List<JsonNode> pair(List<BulkBatch.Document> documents, JsonNode items)
      throws LoadException {
    JsonNode[] paired = new JsonNode[documents.size()];
    List<JsonNode> nameless = new ArrayList<>();
    Map<String, Deque<JsonNode>> displaced = new HashMap<>();
    for (int i = 0; i < paired.length; i++) {
      JsonNode item = body(items.path(i));
      String id = item.path("_id").asText();
      if (item.path("_id").isTextual() && id.equals(documents.get(i).id())) {
        paired[i] = item;
      } else if (!item.path("_id").isTextual() || id.equals(NAMELESS)) {
        nameless.add(item);
      } else {
        displaced.computeIfAbsent(id, x -> new ArrayDeque<>()).add(item);
      }
    }
    for (int i = 0; i < paired.length; i++) {
      Deque<JsonNode> same = displaced.get(documents.get(i).id());
      if (paired[i] == null && same != null) {
        paired[i] = same.poll();
      }
    }
    for (Map.Entry<String, Deque<JsonNode>> each : displaced.entrySet()) {
      if (!each.getValue().isEmpty()) {
        throw new LoadException(
            ("a bulk request for rows %,d to %,d was answered for a document '%s' that was not in"
                    + " it; does an ingest pipeline change ids?")
                .formatted(documents.getFirst().row(), documents.getLast().row(), each.getKey()));
      }
    }
    if (nameless.stream().distinct().count() == 1) {
      for (int i = 0; i < paired.length; i++) {
        paired[i] = paired[i] == null ? nameless.getFirst() : paired[i];
      }
    }
    return Arrays.asList(paired);
  }

  /** What an item says, within the name of its action. */
  private static JsonNode body(JsonNode item) {
    return item.elements().hasNext() ? item.elements().next() : item;
  }
}

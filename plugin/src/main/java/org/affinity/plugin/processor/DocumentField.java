/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.opensearch.ingest.IngestDocument;

/** A field of the document on its way in, with its name for messages. */
record DocumentField(IngestDocument document, String path) {

  /** A document may ask for this many stored vectors, or bring this many tokens. */
  static final int MAX_VALUES = 1_000;

  static String nameOf(IngestDocument document) {
    Object index =
        document.getSourceAndMetadata().get(IngestDocument.Metadata.INDEX.getFieldName());
    Object id = document.getSourceAndMetadata().get(IngestDocument.Metadata.ID.getFieldName());
    return id == null
        ? "a document without id for index [" + index + "]"
        : "document [" + index + "/" + id + "]";
  }

  String what() {
    return "field [" + path + "] of " + nameOf(document);
  }

  /** Null if the field is missing or null. */
  Object value() {
    return document.getFieldValue(path, Object.class, true);
  }

  IllegalArgumentException missing() {
    return refuse(
        "is missing; fill it in, or set [ignore_missing: true] to go on without a vector");
  }

  IllegalArgumentException refuse(String reason) {
    return new IllegalArgumentException(what() + " " + reason);
  }

  /** The text and whole numbers of the field, one or a list; empty if it is missing. */
  List<Object> keys() {
    Object value = value();
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      return isKey(value, -1) ? List.of(value) : List.of();
    }
    if (list.size() > MAX_VALUES) {
      throw refuse("holds [" + list.size() + "] values; at most [" + MAX_VALUES + "] are taken");
    }
    List<Object> keys = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (isKey(list.get(i), i)) {
        keys.add(list.get(i));
      }
    }
    return keys;
  }

  /** Null and empty text stand for nothing; anything but text and whole numbers is refused. */
  private boolean isKey(Object value, int position) {
    return switch (value) {
      case null -> false;
      case String text -> !text.isEmpty();
      case Integer i -> true;
      case Long l -> true;
      case BigInteger big -> true;
      default ->
          throw refuse(
              "holds ["
                  + Shortened.of(value)
                  + "]"
                  + (position < 0 ? "" : " at position [" + position + "]")
                  + "; text and whole numbers can be looked up");
    };
  }
}

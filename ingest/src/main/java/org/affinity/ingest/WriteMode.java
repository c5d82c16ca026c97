/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/** What becomes of a row whose document is there already, and of one whose document is not. */
public enum WriteMode {
  /** The row becomes the document, whatever was there. */
  REPLACE("index"),
  /** The row becomes a document only where there is none. */
  CREATE_ONLY("create"),
  /** The row's fields are put into the document; other fields stay. A missing one is made. */
  UPSERT("update"),
  /** The row's fields are put into the document; other fields stay. A missing one is not made. */
  UPDATE_ONLY("update");

  private final String action;

  WriteMode(String action) {
    this.action = action;
  }

  /** The bulk action. */
  String action() {
    return action;
  }

  /** True if other fields of a document stay. */
  boolean isUpdate() {
    return this == UPSERT || this == UPDATE_ONLY;
  }
}

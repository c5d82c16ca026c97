/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import java.util.List;

/** What is searched, and by whom. */
interface Catalogue {

  /**
   * A document.
   *
   * @param vector inner products with it say whom it suits; its values lie between ±{@link
   *     Requests#HALF_STEP}
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Item(String title, String tags, String body, float[] vector) {}

  /** A word to search for, and how many documents have it. */
  record Word(String text, int documents) {}

  String name();

  int size();

  int dimension();

  /** Items 0 to size − 1; the same every time. */
  Item item(int number);

  /** Vectors of readers. */
  List<float[]> readers();

  /** Numbers of documents that queries are to match. */
  List<Integer> targets();
}

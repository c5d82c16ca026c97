/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

/** A way to search. */
enum Contestant {
  PLAIN("plain keyword query"),
  BLEND("blend, one affinity, vector in the request"),
  BLEND_DOCUMENT("the same, vector by reference to a document"),
  BLEND_CODES("the same, precision codes"),
  SCRIPT("the same blend by script_score"),
  TWO_SEARCHES("keywords and nearest apart, fused by the client");

  private final String words;

  Contestant(String words) {
    this.words = words;
  }

  /** What it is. */
  String words() {
    return words;
  }
}

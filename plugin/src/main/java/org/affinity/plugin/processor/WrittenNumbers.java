/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

/**
 * How many numbers a processor writes into the documents of one bulk. A vector fetched once can go
 * into all of them, and each is then some ten bytes a number. For one thread at a time.
 */
final class WrittenNumbers {

  /** As many as are fetched: 21,845 vectors of 768. */
  static final int MAX = VectorFetch.MAX_VALUES;

  private long count;

  /**
   * Makes sure that a vector still fits.
   *
   * @throws org.opensearch.OpenSearchStatusException (429) if not
   */
  void requireRoom(int numbers) {
    if (count + numbers > MAX) {
      throw FetchFailure.tooMuch("numbers written into them", MAX);
    }
  }

  void add(int numbers) {
    count += numbers;
  }
}

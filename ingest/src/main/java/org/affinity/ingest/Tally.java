/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/**
 * What a server said of documents.
 *
 * @param loaded stored: made, replaced or updated
 * @param created how many of these were new
 * @param unmatched not stored, because of the {@link WriteMode}: updates without a document,
 *     creations of one that is there; these rows are listed as rejected
 */
public record Tally(long loaded, long created, long unmatched) {
  /** Nothing yet. */
  public static final Tally NONE = new Tally(0, 0, 0);

  /** Both together. */
  public Tally plus(Tally other) {
    return new Tally(loaded + other.loaded, created + other.created, unmatched + other.unmatched);
  }
}

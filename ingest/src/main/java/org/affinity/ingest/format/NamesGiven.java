/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

/**
 * Which names of an {@link org.affinity.ingest.EmbeddingSource} the user chose. Those must be
 * found; a default need not be where a form can do without.
 *
 * @param idField true if the name of the id was chosen
 * @param vectorField true if the name of the vector was chosen
 */
public record NamesGiven(boolean idField, boolean vectorField) {
  /** Neither. */
  public static final NamesGiven NONE = new NamesGiven(false, false);
}

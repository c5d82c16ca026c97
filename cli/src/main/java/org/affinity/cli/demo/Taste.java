/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.List;

/**
 * A reader as the demo describes them: by the genres that are more frequent among the books nearest
 * to them than in the catalogue.
 *
 * @param reader the reader
 * @param favourites the most characteristic genres, best first
 * @param profile for each main genre how characteristic it is, not below 0, of length 1
 * @param strength the mean inner product of the reader and the books nearest to them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Taste(Reader reader, List<String> favourites, double[] profile, double strength) {
  /**
   * How alike two readers are: by genre first, and where no genre is shared by their embeddings.
   */
  double likeness(Taste other) {
    double shared = 0;
    for (int i = 0; i < profile.length; i++) {
      shared += profile[i] * other.profile[i];
    }
    return shared + Tastes.cosine(reader.vector(), other.reader.vector()) / 4;
  }

  String described() {
    return String.join(", ", favourites);
  }
}

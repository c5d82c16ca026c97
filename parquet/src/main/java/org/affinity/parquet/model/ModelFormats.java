/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.format.NamesGiven;
import org.affinity.parquet.ParquetFormat;

/** The formats of this module, in the order in which to ask them. */
public final class ModelFormats {
  private ModelFormats() {}

  /**
   * Parquet, Spark's models, and MLflow's folders with any of these or of the others in them.
   *
   * @param given which names of columns were chosen
   * @param side which factors of an ALS model are read; empty: not told
   * @param others formats of single files that MLflow's folders may hold too
   */
  public static List<EmbeddingFormat> all(
      NamesGiven given, Optional<AlsSide> side, List<EmbeddingFormat> others) {
    List<EmbeddingFormat> formats = new ArrayList<>();
    formats.add(new SparkAlsFormat(side));
    formats.add(new SparkWord2VecFormat());
    formats.add(new ParquetFormat(given));
    List<EmbeddingFormat> inner = new ArrayList<>(formats);
    inner.addAll(others);
    formats.add(new MlflowFormat(inner));
    return List.copyOf(formats);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.codec;

import java.util.function.Function;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;

/**
 * Asks a function for each field's format. The function should return the same instance for equal
 * parameters: fields that share an instance share files.
 */
public final class PerFieldVectorsFormat extends PerFieldKnnVectorsFormat {

  private final Function<String, KnnVectorsFormat> formats;

  public PerFieldVectorsFormat(Function<String, KnnVectorsFormat> formats) {
    this.formats = formats;
  }

  @Override
  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
    return formats.apply(field);
  }

  /** One limit for all formats: Lucene's own stop at 1,024 by convention, not by layout. */
  @Override
  public int getMaxDimensions(String field) {
    return PqFlatVectorsFormat.MAX_DIMENSIONS;
  }
}

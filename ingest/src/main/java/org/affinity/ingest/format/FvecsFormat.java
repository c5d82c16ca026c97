/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;

/** {@code .fvecs}: {@link FvecsReader}. */
public final class FvecsFormat implements EmbeddingFormat {
  @Override
  public String label() {
    return "fvecs";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    Sample sample = Sample.of(path);
    return sample.hasRows(Float.BYTES) || (sample.startsRow() && !sample.hasRows(1));
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    return FvecsReader.open(source, FvecsRows.Element.FLOAT32);
  }
}

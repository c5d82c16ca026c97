/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;

/** {@code .bvecs}: like fvecs, with a byte without sign for each number. */
public final class BvecsFormat implements EmbeddingFormat {
  @Override
  public String label() {
    return "bvecs";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    Sample sample = Sample.of(path);
    return sample.hasRows(1) && !sample.hasRows(Float.BYTES);
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    return FvecsReader.open(source, FvecsRows.Element.UINT8);
  }
}

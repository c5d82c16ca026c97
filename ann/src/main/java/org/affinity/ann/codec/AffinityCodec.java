/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.codec;

import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;

/**
 * A codec with another vectors format, under the delegate's name: segments it writes are the
 * delegate's to read. Not registered by SPI, and must not be.
 */
public final class AffinityCodec extends FilterCodec {

  private final KnnVectorsFormat vectors;

  public AffinityCodec(Codec delegate, KnnVectorsFormat vectors) {
    super(delegate.getName(), delegate);
    this.vectors = vectors;
  }

  @Override
  public KnnVectorsFormat knnVectorsFormat() {
    return vectors;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import org.affinity.quantization.ProductQuantizer;

/** What a merge asks a reader whose vectors have codes. */
public interface CodedVectors {

  /** The field's quantizer; null where this segment has no codes for it. */
  ProductQuantizer quantizer(String field);

  /** The field's records, read by one thread; null where this segment has no codes for it. */
  Records records(String field) throws IOException;

  /** Records by ordinal. */
  interface Records {

    /** Copies the record of an ordinal to {@code record}, from {@code offset} on. */
    void read(int ord, byte[] record, int offset) throws IOException;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/**
 * What a warmup read.
 *
 * @param vectors of the fields it went through
 * @param bytes of the files it read from end to end, by kind
 */
record Touched(long vectors, Tally bytes) implements Writeable {

  static final Touched NOTHING = new Touched(0, Tally.NONE);

  Touched(StreamInput in) throws IOException {
    this(in.readVLong(), new Tally(in));
  }

  Touched plus(Touched other) {
    return new Touched(vectors + other.vectors, bytes.plus(other.bytes));
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeVLong(vectors);
    bytes.writeTo(out);
  }
}

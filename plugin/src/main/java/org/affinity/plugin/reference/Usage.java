/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/**
 * How much a vector rests on.
 *
 * @param items items that contributed, liked or not; 1 for a vector that is one document's own or
 *     was given
 * @param skipped items without a vector, and events that could not be read
 * @param rung of a chain, counted from 1; 0 without a chain
 */
public record Usage(int items, int skipped, int rung) implements Writeable {

  static final Usage NONE = new Usage(0, 0, 0);

  /** Of a vector that is nobody's mean. */
  static final Usage ONE = new Usage(1, 0, 0);

  Usage(StreamInput in) throws IOException {
    this(in.readVInt(), in.readVInt(), in.readVInt());
  }

  Usage plus(Usage other) {
    return new Usage(items + other.items, skipped + other.skipped, 0);
  }

  Usage onRung(int number) {
    return new Usage(items, skipped, number);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeVInt(items);
    out.writeVInt(skipped);
    out.writeVInt(rung);
  }
}

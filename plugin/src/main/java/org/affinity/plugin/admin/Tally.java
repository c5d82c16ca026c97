/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/** Numbers by name, in the order of names. Immutable. */
record Tally(SortedMap<String, Long> counts) implements Writeable {

  static final Tally NONE = new Tally(new TreeMap<>());

  Tally {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  Tally(StreamInput in) throws IOException {
    this(new TreeMap<>(in.readMap(StreamInput::readString, StreamInput::readVLong)));
  }

  static Tally of(String name, long count) {
    return new Tally(new TreeMap<>(Map.of(name, count)));
  }

  Tally plus(Tally other) {
    SortedMap<String, Long> sum = new TreeMap<>(counts);
    other.counts.forEach((name, count) -> sum.merge(name, count, Long::sum));
    return new Tally(sum);
  }

  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeMap(counts, StreamOutput::writeString, StreamOutput::writeVLong);
  }
}

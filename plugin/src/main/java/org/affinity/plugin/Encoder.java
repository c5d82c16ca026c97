/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;

/** The {@code encoder} of a method: what stands beside the raw floats. */
sealed interface Encoder {

  Encoder DEFAULT = new Pq(PqEncoding.AUTO_M);

  PqEncoding encoding();

  /** The JSON form, every option written out. */
  Map<String, Object> toMap();

  /** Product quantization; m 0 derives the number of subspaces from the dimension. */
  record Pq(int m) implements Encoder {

    static final String NAME = "pq";

    @Override
    public PqEncoding encoding() {
      return new PqEncoding(m, PqEncoding.DEFAULT_MIN_VECTORS);
    }

    @Override
    public Map<String, Object> toMap() {
      Object subspaces = m == PqEncoding.AUTO_M ? "auto" : (Object) m;
      return Map.of("name", NAME, "parameters", Map.of("m", subspaces, "code_size", 8));
    }
  }

  /** Raw floats only. */
  record None() implements Encoder {

    static final String NAME = "none";

    @Override
    public PqEncoding encoding() {
      return PqEncoding.NONE;
    }

    @Override
    public Map<String, Object> toMap() {
      return Map.of("name", NAME);
    }
  }

  /** Reads {@code {"name": …, "parameters": {…}}}. */
  static Encoder parse(String path, Object node) {
    Options encoder = new Options(path, node);
    Object name = encoder.take("name", null);
    Options parameters =
        new Options(encoder.path("parameters"), encoder.take("parameters", Map.of()));
    encoder.end(Set.of("name", "parameters"));
    if (None.NAME.equals(name)) {
      parameters.end(Set.of());
      return new None();
    }
    if (!Pq.NAME.equals(name)) {
      throw encoder.refuse("name", "one of [none, pq]", name, null);
    }
    int subspaces =
        parameters.takeIf("m", "auto")
            ? PqEncoding.AUTO_M
            : parameters.takeInt("m", PqEncoding.AUTO_M, 1, PqFlatVectorsFormat.MAX_DIMENSIONS);
    parameters.takeInt("code_size", 8, 8, 8);
    parameters.end(new TreeSet<>(Set.of("m", "code_size")));
    return new Pq(subspaces);
  }
}

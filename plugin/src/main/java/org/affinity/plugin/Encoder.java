/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.search.AnnSearchStrategy;
import org.affinity.quantization.PqParameters;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** The {@code encoder} of a method: what stands beside the raw floats. */
sealed interface Encoder {

  /** Good for every dimension: see {@link PqParameters#forDimension}. */
  Encoder DEFAULT = new Pq(PqEncoding.AUTO_M);

  /** The JSON form, every option written out; keys in order, so that all nodes write the same. */
  Map<String, Object> toMap();

  /** None is named: {@link CompressionLevel} picks, or it is {@link #DEFAULT}. */
  record Auto() implements Encoder {

    @Override
    public Map<String, Object> toMap() {
      return Map.of();
    }
  }

  /** Product quantization; m 0 derives the number of subspaces from the dimension. */
  record Pq(int m) implements Encoder {

    static final String NAME = "pq";

    PqEncoding encoding() {
      return new PqEncoding(m, PqEncoding.DEFAULT_MIN_VECTORS);
    }

    @Override
    public Map<String, Object> toMap() {
      Object subspaces = m == PqEncoding.AUTO_M ? "auto" : (Object) m;
      return named(NAME, Map.of("m", subspaces, "code_size", 8));
    }

    private static Pq parse(Options parameters) {
      int subspaces =
          parameters.takeIf("m", "auto")
              ? PqEncoding.AUTO_M
              : parameters.takeInt("m", PqEncoding.AUTO_M, 1, PqParameters.MAXIMUM_M);
      parameters.takeOneOf("code_size", 8, Set.of(8));
      parameters.end(NAME, Set.of("m", "code_size"));
      return new Pq(subspaces);
    }
  }

  /** Raw floats only. */
  record None() implements Encoder {

    static final String NAME = "none";

    @Override
    public Map<String, Object> toMap() {
      return Map.of("name", NAME);
    }
  }

  /**
   * Lucene's scalar quantization: 8 or 4 bits a dimension and 16 bytes a vector. There are 7 bits
   * as well, for older indices: as large as 8 and less exact, so they are not offered.
   */
  record Sq(int bits) implements Encoder {

    static final String NAME = "sq";
    static final int DEFAULT_BITS = 8;

    ScalarEncoding encoding() {
      return bits == 4 ? ScalarEncoding.PACKED_NIBBLE : ScalarEncoding.UNSIGNED_BYTE;
    }

    @Override
    public Map<String, Object> toMap() {
      return named(NAME, Map.of("bits", bits));
    }

    private static Sq parse(Options parameters) {
      int bits = parameters.takeOneOf("bits", DEFAULT_BITS, Set.of(4, 8));
      parameters.end(NAME, Set.of("bits"));
      return new Sq(bits);
    }
  }

  /** Lucene's binary quantization: 1 bit a dimension and 16 bytes a vector. */
  record Binary() implements Encoder {

    static final String NAME = "binary";
    static final ScalarEncoding ENCODING = ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE;

    /** In 32 dimensions the default of 100 candidates held .92 to .95 of the 10 nearest. */
    static final int EF_SEARCH = 300;

    static final float OVERSAMPLE = 5;

    @Override
    public Map<String, Object> toMap() {
      return named(NAME, Map.of("bits", 1));
    }

    private static Binary parse(Options parameters) {
      parameters.takeOneOf("bits", 1, Set.of(1));
      parameters.end(NAME, Set.of("bits"));
      return new Binary();
    }
  }

  /** How hard to search over an encoder's codes: the coarser, the more candidates. */
  static AnnSearchStrategy defaults(Encoder encoder) {
    return encoder instanceof Binary
        ? new AnnSearchStrategy(Binary.EF_SEARCH, Binary.OVERSAMPLE, false)
        : AnnSearchStrategy.DEFAULT;
  }

  private static Map<String, Object> named(String name, Map<String, Object> parameters) {
    return new TreeMap<>(Map.of("name", name, "parameters", new TreeMap<>(parameters)));
  }

  /** Reads {@code {"name": …, "parameters": {…}}}. */
  static Encoder parse(String path, Object node) {
    Options encoder = new Options(path, node);
    Object name = encoder.take("name", null);
    Options parameters =
        new Options(encoder.path("parameters"), encoder.take("parameters", Map.of()));
    encoder.end("encoder", Set.of("name", "parameters"));
    return switch (String.valueOf(name)) {
      case Pq.NAME -> Pq.parse(parameters);
      case Sq.NAME -> Sq.parse(parameters);
      case Binary.NAME -> Binary.parse(parameters);
      case None.NAME -> {
        parameters.end(None.NAME, Set.of());
        yield new None();
      }
      default -> {
        Set<String> names = new TreeSet<>(Set.of(None.NAME, Sq.NAME, Binary.NAME, Pq.NAME));
        throw encoder.refuse("name", "one of " + names, name, null);
      }
    };
  }
}

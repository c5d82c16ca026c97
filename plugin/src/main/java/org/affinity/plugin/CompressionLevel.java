/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Arrays;
import org.affinity.quantization.PqParameters;

/**
 * The values of {@code compression_level}, named as in the k-NN plugin: how many times smaller than
 * the floats the codes should be. The short form for who does not care which encoder it is.
 *
 * <p>Down to a byte per dimension scalar codes are as good as any and need no training; from 16x on
 * product quantization finds more in the same bytes.
 */
enum CompressionLevel {
  AUTO,
  X1,
  X4,
  X8,
  X16,
  X32,
  X64;

  /** The encoder of this level. */
  Encoder encoder(int dimension) {
    return switch (this) {
      case AUTO -> Encoder.DEFAULT;
      case X1 -> new Encoder.None();
      case X4 -> new Encoder.Sq(8);
      case X8 -> new Encoder.Sq(4);
      case X16 -> pq(dimension, 16);
      case X32 -> pq(dimension, 32);
      case X64 -> pq(dimension, 64);
    };
  }

  private static Encoder pq(int dimension, int level) {
    return new Encoder.Pq(PqParameters.forCompression(dimension, level).m());
  }

  /**
   * The encoder of a field.
   *
   * @param named the encoder that the mapping names; product quantization that leaves m open takes
   *     it from this level
   * @throws IllegalArgumentException if it is another than this level's
   */
  Encoder resolve(Encoder named, int dimension) {
    Encoder picked = encoder(dimension);
    if (named instanceof Encoder.Auto) {
      return picked;
    }
    if (this == AUTO || named.equals(picked)) {
      return named;
    }
    if (named.equals(Encoder.DEFAULT) && picked instanceof Encoder.Pq) {
      return picked;
    }
    throw new IllegalArgumentException(
        "[compression_level: "
            + this
            + "] is short for the encoder "
            + picked.toMap()
            + ", but [method.parameters.encoder] is "
            + named.toMap()
            + "; give one of the two");
  }

  static CompressionLevel parse(Object value) {
    for (CompressionLevel level : values()) {
      if (level.toString().equals(value)) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "[compression_level] must be one of "
            + Arrays.toString(values())
            + ", got ["
            + value
            + "]");
  }

  /** The name in JSON. */
  @Override
  public String toString() {
    return this == AUTO ? "auto" : name().substring(1) + "x";
  }
}

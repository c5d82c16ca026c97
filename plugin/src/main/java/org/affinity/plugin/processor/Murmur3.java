/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.lucene.util.StringHelper;

/**
 * MurmurHash3 x86_32 of ids and tokens, as {@code sklearn.utils.murmurhash3_32} has it: a whole
 * number is hashed as its four bytes (int32, little-endian), text as its UTF-8.
 */
final class Murmur3 {

  /** How an id is hashed. */
  enum KeyType {
    /** A JSON number as int32, a JSON string as text: what Python does. */
    AUTO,
    INT32,
    TEXT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private Murmur3() {}

  static int hash(String text, int seed) {
    return hash(text.getBytes(StandardCharsets.UTF_8), seed);
  }

  static int hash(byte[] bytes, int seed) {
    return StringHelper.murmurhash3_x86_32(bytes, 0, bytes.length, seed);
  }

  /**
   * The bytes of an id.
   *
   * @param key text or a whole number
   * @throws NumberFormatException if it must be an int32 and is none
   */
  static byte[] bytes(Object key, KeyType type) {
    if (type == KeyType.TEXT || (type == KeyType.AUTO && key instanceof String)) {
      return key.toString().getBytes(StandardCharsets.UTF_8);
    }
    int number = int32(key);
    return new byte[] {
      (byte) number, (byte) (number >>> 8), (byte) (number >>> 16), (byte) (number >>> 24)
    };
  }

  private static int int32(Object key) {
    try {
      return new BigInteger(key.toString()).intValueExact();
    } catch (ArithmeticException e) {
      throw new NumberFormatException(key + " does not fit");
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

/** Vectors as JSON, the same text for both servers. */
final class Json {

  private Json() {}

  static void append(StringBuilder text, float[] vector) {
    char before = '[';
    for (float value : vector) {
      text.append(before).append(value);
      before = ',';
    }
    text.append(']');
  }
}

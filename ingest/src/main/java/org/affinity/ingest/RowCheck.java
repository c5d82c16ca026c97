/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What every row must satisfy before it is sent, so that a bad row costs itself and not its batch:
 * the server refuses a whole request over one id that is too long.
 */
public final class RowCheck {
  private static final int LONGEST_ID = 512;

  private int dimension;
  private final String whence;

  /** A check against a dimension, or with 0 against the dimension of the first good row. */
  public RowCheck(int dimension) {
    this.dimension = dimension;
    this.whence = dimension > 0 ? "" : ", which the first row has";
  }

  /** The row as it may be sent, or rejected with what is wrong. */
  public Row check(long number, String id, float[] vector, Map<String, Object> fields) {
    if (id.isEmpty()) {
      return new Row.Rejected(number, null, "empty id");
    }
    if (id.length() * 3 > LONGEST_ID && id.getBytes(StandardCharsets.UTF_8).length > LONGEST_ID) {
      return new Row.Rejected(number, id, "id longer than " + LONGEST_ID + " bytes");
    }
    if (vector.length == 0) {
      return new Row.Rejected(number, id, "the vector is empty");
    }
    if (dimension > 0 && vector.length != dimension) {
      return new Row.Rejected(
          number, id, "dimension " + vector.length + " instead of " + dimension + whence);
    }
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        String what = Float.isNaN(vector[i]) ? "NaN" : "infinite";
        return new Row.Rejected(number, id, "vector[" + i + "] is " + what);
      }
    }
    dimension = vector.length;
    return new Row.Accepted(number, new Embedding(id, vector, fields));
  }
}

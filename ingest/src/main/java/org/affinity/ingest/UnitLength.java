/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/** Divides vectors by their Euclidean length; one of length 0 has no direction and is rejected. */
public final class UnitLength implements RowStep {
  @Override
  public Row apply(Row.Accepted row) {
    Embedding embedding = row.embedding();
    double length = norm(embedding.vector());
    if (length == 0) {
      return new Row.Rejected(
          row.number(), embedding.id(), "a zero vector, which cannot be normalized");
    }
    float[] unit = new float[embedding.vector().length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (embedding.vector()[i] / length);
    }
    return new Row.Accepted(row.number(), new Embedding(embedding.id(), unit, embedding.fields()));
  }

  /** The Euclidean length, summed in float64. */
  static double norm(float[] vector) {
    double sum = 0;
    for (float each : vector) {
      sum += (double) each * each;
    }
    return Math.sqrt(sum);
  }
}

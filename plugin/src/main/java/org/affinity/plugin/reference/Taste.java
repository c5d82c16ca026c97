/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.affinity.ann.search.VectorSpace;
import org.affinity.quantization.VectorMath;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;

/**
 * What is known of a person: a vector, or one for each interest. The coordinating node does not
 * know the space of the field it will be compared in, so what is made of several vectors comes in
 * two forms.
 *
 * @param values not empty; the vectors not copied, not to be changed
 * @param directions the same made of unit vectors, for cosine: there only direction counts, and a
 *     long vector must not outweigh a short one. Empty if {@code values} have the same directions
 * @param repelled whether something was subtracted
 */
public record Taste(List<float[]> values, List<float[]> directions, boolean repelled)
    implements Writeable {

  public Taste {
    values = List.copyOf(values);
    directions = List.copyOf(directions);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a taste needs a vector");
    }
  }

  /** One vector, as it is. */
  static Taste of(float[] vector) {
    return new Taste(List.of(vector), List.of(), false);
  }

  Taste(StreamInput in) throws IOException {
    this(
        in.readList(StreamInput::readFloatArray),
        in.readList(StreamInput::readFloatArray),
        in.readBoolean());
  }

  /** The form to compare with in a space; under cosine empty if all cancelled out. */
  List<float[]> in(VectorSpace space) {
    return space == VectorSpace.COSINE && !directions.isEmpty()
        ? directions.stream().filter(vector -> VectorMath.squaredNorm(vector) > 0).toList()
        : values;
  }

  /** The directions to make something of, with a zero vector where all cancelled out; not empty. */
  List<float[]> directed() {
    List<float[]> there = in(VectorSpace.COSINE);
    return there.isEmpty() ? directions.subList(0, 1) : there;
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeCollection(values, StreamOutput::writeFloatArray);
    out.writeCollection(directions, StreamOutput::writeFloatArray);
    out.writeBoolean(repelled);
  }

  private static float[][] array(List<float[]> vectors) {
    return vectors.toArray(float[][]::new);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Taste that
        && Arrays.deepEquals(array(values), array(that.values))
        && Arrays.deepEquals(array(directions), array(that.directions))
        && repelled == that.repelled;
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(array(values));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/**
 * Turns vectors into records of one {@link ProductQuantizer}. Keeps its scratch, so encoding
 * allocates nothing. For one thread.
 */
public final class VectorEncoder {

  /** A larger coordinate is first brought down to this one, so that squares stay finite. */
  static final float LARGEST = 1e17f;

  /** The scalar of a code that points almost across its vector would blow noise up. */
  private static final double LARGEST_SCALAR = 4;

  private final Frame frame;
  private final Codebook codebook;
  private final Estimator estimator;
  private final Frame.Projector projector;
  private final float[] bounded;
  private final float[] y;
  private final float[] coded;
  private final float[] decoded;

  VectorEncoder(Frame frame, Codebook codebook, Estimator estimator) {
    this.frame = frame;
    this.codebook = codebook;
    this.estimator = estimator;
    this.projector = frame.projector();
    this.bounded = new float[frame.dimension()];
    this.y = new float[frame.dimension()];
    this.coded = new float[frame.dimension()];
    this.decoded = new float[frame.dimension()];
  }

  /**
   * Writes the record of {@code vector}, {@link ProductQuantizer#recordLength()} bytes from {@code
   * offset}.
   *
   * @throws IllegalArgumentException for another dimension or a value that is not finite
   */
  public void encode(float[] vector, byte[] record, int offset) {
    double weight = code(vector, record, offset);
    if (estimator.weighted()) {
      Weight.write((float) weight, record, offset + codebook.parameters().codeLength());
    }
  }

  /** Writes the code of {@code vector} and returns w, not yet rounded. */
  private double code(float[] vector, byte[] record, int offset) {
    ProductQuantizer.checkDimension(frame.dimension(), vector);
    double norm = coordinates(bounded(vector), y);
    if (!estimator.scalar()) {
      codebook.encode(y, record, offset);
      return norm;
    }
    System.arraycopy(y, 0, coded, 0, y.length);
    codebook.encode(y, record, offset);
    codebook.decode(record, offset, decoded);
    double product = 0;
    double square = 0;
    for (int d = 0; d < coded.length; d++) {
      product += (double) coded[d] * decoded[d];
      square += (double) coded[d] * coded[d];
    }
    return product <= 0 ? norm : norm * Math.min(LARGEST_SCALAR, square / product);
  }

  /** Writes what gets coded and returns the length taken out of it: ‖x‖ for directions, else 1. */
  double coordinates(float[] vector, float[] y) {
    projector.vector(vector, y);
    if (!estimator.direction()) {
      return 1;
    }
    double norm = Math.sqrt(VectorMath.squaredNorm(y));
    VectorMath.normalize(y, y);
    return norm;
  }

  /** Encodes {@code vector} and returns the squared length of what its record loses. */
  double lost(float[] vector, byte[] record) {
    encode(vector, record, 0);
    codebook.decode(record, 0, decoded);
    projector.vector(bounded(vector), y);
    double weight =
        estimator.weighted() ? Weight.read(record, codebook.parameters().codeLength()) : 1;
    double sum = 0;
    for (int d = 0; d < y.length; d++) {
      double difference = y[d] - weight * decoded[d];
      sum += difference * difference;
    }
    return sum;
  }

  private float[] bounded(float[] vector) {
    float largest = 0;
    for (int d = 0; d < vector.length; d++) {
      if (!Float.isFinite(vector[d])) {
        throw new IllegalArgumentException(
            "the vector holds " + vector[d] + " at " + d + ", not a finite number");
      }
      largest = Math.max(largest, Math.abs(vector[d]));
    }
    if (largest <= LARGEST) {
      return vector;
    }
    for (int d = 0; d < vector.length; d++) {
      bounded[d] = (float) (vector[d] * (LARGEST / (double) largest));
    }
    return bounded;
  }
}

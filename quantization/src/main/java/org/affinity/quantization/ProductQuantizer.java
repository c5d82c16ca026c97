/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

/**
 * An immutable product quantizer: a vector becomes, per subspace, the number of the nearest of a
 * few centroids, and where the {@link Estimator} says so a weight. Safe for use by any number of
 * threads.
 *
 * <p>A <i>record</i> is what is kept of a vector: {@link PqParameters#codeLength()} bytes of code
 * (see {@link org.affinity.quantization.simd.BlockLayout}), then the weight if there is one, two
 * bytes: a little-endian bfloat16, never negative.
 *
 * <p>Memory: {@code 4 · (dimension + m) · k} bytes for the centroids (with two stages {@code 4 · (2
 * · dimension + m) · k}), and {@code 4 · dimension · min(dimension, 1024)} for the rotation if
 * there is one ({@code 4 · dimension · 256} above 1024 dimensions).
 */
public final class ProductQuantizer {

  private final Frame frame;
  private final Codebook codebook;
  private final Estimator estimator;
  private final Training training;

  ProductQuantizer(Frame frame, Codebook codebook, Estimator estimator, Training training) {
    this.frame = frame;
    this.codebook = codebook;
    this.estimator = estimator;
    this.training = training;
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are not those of a product quantizer, are of a
   *     version this code does not know, or were changed; says which
   */
  public static ProductQuantizer fromBytes(byte[] bytes) {
    return QuantizerBytes.read(bytes);
  }

  /** All there is to know of this quantizer, with version and checksum. */
  public byte[] toBytes() {
    return QuantizerBytes.write(this);
  }

  public PqParameters parameters() {
    return codebook.parameters();
  }

  public Metric metric() {
    return frame.metric();
  }

  public Estimator estimator() {
    return estimator;
  }

  public Training training() {
    return training;
  }

  Frame frame() {
    return frame;
  }

  Codebook codebook() {
    return codebook;
  }

  /** Bytes kept per vector. */
  public int recordLength() {
    return parameters().codeLength() + (estimator.weighted() ? Weight.BYTES : 0);
  }

  /** The weight whose 16 bits stand behind a code. */
  public static float weight(int bits) {
    return Weight.of(bits);
  }

  /** Heap held, in bytes. */
  public long ramBytesUsed() {
    long rotation = frame.rotation() == null ? 0 : frame.rotation().ramBytesUsed();
    return codebook.ramBytesUsed() + rotation + (long) Float.BYTES * frame.dimension();
  }

  /** A new encoder, for one thread. */
  public VectorEncoder encoder() {
    return new VectorEncoder(frame, codebook, estimator);
  }

  /**
   * Writes the vector that the record at {@code offset} stands for: μ + w·ŷ, under {@link
   * Metric#COSINE} an approximation of the vector scaled to length 1.
   */
  public void decode(byte[] record, int offset, float[] vector) {
    checkDimension(frame.dimension(), vector);
    float[] y = new float[vector.length];
    codebook.decode(record, offset, y);
    if (estimator.weighted()) {
      float weight = Weight.read(record, offset + parameters().codeLength());
      for (int d = 0; d < y.length; d++) {
        y[d] *= weight;
      }
    }
    frame.restore(y, vector);
  }

  /**
   * Binds a query. Costs {@code dimension · k} multiply-adds, twice that for residual codes, and
   * {@code dimension · min(dimension, 1024)} more for a rotation.
   *
   * @throws IllegalArgumentException for another dimension, a value that is not finite or one
   *     beyond ±{@value VectorEncoder#LARGEST}, whose scores would not be finite
   */
  public DistanceTable bind(float[] query) {
    checkDimension(frame.dimension(), query);
    if (!bindable(query)) {
      throw new IllegalArgumentException(
          "the query holds a value that is not finite or beyond ±" + VectorEncoder.LARGEST);
    }
    float[] q = new float[query.length];
    Frame.Projector projector = frame.projector();
    if (!DistanceTable.ofDistances(metric(), estimator)) {
      float base = projector.query(query, q);
      return new DistanceTable(parameters(), estimator.weighted(), codebook.products(q), base);
    }
    projector.vector(query, q);
    float[] entries = codebook.negativeDistances(q);
    if (metric() == Metric.L2) {
      return new DistanceTable(parameters(), false, entries, 0);
    }
    for (int i = 0; i < entries.length; i++) {
      entries[i] /= 2;
    }
    return new DistanceTable(parameters(), false, entries, 1);
  }

  /** Whether no value is so large that scores would not be finite. */
  public static boolean bindable(float[] query) {
    for (float value : query) {
      if (!(Math.abs(value) <= VectorEncoder.LARGEST)) {
        return false;
      }
    }
    return true;
  }

  /** Tables that score two records. Costs {@code dimension · k²} multiply-adds: keep it. */
  public SymmetricTable symmetricTable() {
    float[] turnedMean = new float[frame.dimension()];
    frame.turn(frame.mean(), turnedMean);
    return new SymmetricTable(codebook, estimator, metric(), turnedMean);
  }

  static void checkDimension(int expected, float[] vector) {
    if (vector.length != expected) {
      throw new IllegalArgumentException(
          "dimension " + vector.length + ", the quantizer has " + expected);
    }
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    return other instanceof ProductQuantizer that
        && estimator.equals(that.estimator)
        && frame.equals(that.frame)
        && codebook.equals(that.codebook);
  }

  @Override
  public int hashCode() {
    return 31 * codebook.hashCode() + estimator.hashCode();
  }

  @Override
  public String toString() {
    PqParameters parameters = parameters();
    return "ProductQuantizer[" + metric() + ", " + parameters + ", " + estimator + "]";
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The serialized form of a {@link ProductQuantizer}, little-endian:
 *
 * <ul>
 *   <li><b>[int32]</b> {@value #MAGIC}, "APQ1"
 *   <li><b>[int32]</b> version, {@value #VERSION}
 *   <li><b>[int8]</b> metric: 0 inner product, 1 cosine, 2 l2
 *   <li><b>[int8]</b> bits of code per subspace: 4, 6 or 8
 *   <li><b>[int8]</b> estimator: 1 if rotated, plus 2 if direction, plus 4 if scalar, plus 8 if
 *       residual
 *   <li><b>[int8]</b> 0
 *   <li><b>[int32]</b> dimension, <b>[int32]</b> m
 *   <li><b>[float32] × dimension</b> mean
 *   <li>if residual: <b>[float32] × dimension · 2^bits</b> centroids of the whole vector,
 *       transposed: for every dimension the centroids' values
 *   <li><b>[float32] × dimension · 2^bits</b> centroids, subspace after subspace, each transposed;
 *       of m subspaces, or m − 1 if residual, the first (dimension mod that) have one dimension
 *       more
 *   <li>if rotated: <b>[int32]</b> block, <b>[float32] × dimension · block</b> rows, <b>[int32] ×
 *       dimension</b> targets (see {@link Rotation})
 *   <li><b>[int32]</b> sample size, <b>[float64]</b> mean squared and <b>[float64]</b> relative
 *       error on it
 *   <li><b>[int32]</b> number of trials, each <b>[int8]</b> estimator, <b>[float32]</b> recall
 *   <li><b>[int32]</b> CRC-32C of all bytes before
 * </ul>
 */
final class QuantizerBytes {

  static final int MAGIC = 0x31515041;
  static final int VERSION = 1;

  private static final int HEADER = 20;
  private static final int TRAINING = 24;
  private static final int TRIAL = 5;
  private static final int CHECKSUM = 4;

  /** Fixed here, so that the order of an enum never reaches stored bytes. */
  private static final List<Metric> METRICS =
      List.of(Metric.INNER_PRODUCT, Metric.COSINE, Metric.L2);

  private QuantizerBytes() {}

  static byte[] write(ProductQuantizer quantizer) {
    PqParameters parameters = quantizer.parameters();
    Frame frame = quantizer.frame();
    Rotation rotation = frame.rotation();
    List<Training.Trial> trials = quantizer.training().trials();
    ByteBuffer out =
        ByteBuffer.allocate(
                HEADER + bodyLength(quantizer) + TRAINING + trials.size() * TRIAL + CHECKSUM)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION);
    out.put((byte) METRICS.indexOf(frame.metric())).put((byte) parameters.bits());
    out.put(flags(quantizer.estimator())).put((byte) 0);
    out.putInt(parameters.dimension()).putInt(parameters.m());
    putFloats(out, frame.mean());
    putFloats(out, quantizer.codebook().centroids());
    if (rotation != null) {
      out.putInt(rotation.block());
      putFloats(out, rotation.rows());
      for (int target : rotation.target()) {
        out.putInt(target);
      }
    }
    Training training = quantizer.training();
    out.putInt(training.sample());
    out.putDouble(training.error().meanSquared()).putDouble(training.error().relative());
    out.putInt(trials.size());
    for (Training.Trial trial : trials) {
      out.put(flags(trial.estimator())).putFloat(trial.recall());
    }
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  private static int bodyLength(ProductQuantizer quantizer) {
    long dimension = quantizer.parameters().dimension();
    Rotation rotation = quantizer.frame().rotation();
    long turned = rotation == null ? 0 : Integer.BYTES + 4 * dimension * (rotation.block() + 1L);
    return Math.toIntExact(turned + 4 * (dimension + quantizer.codebook().centroids().length));
  }

  static ProductQuantizer read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER + TRAINING + CHECKSUM || in.getInt() != MAGIC) {
      throw new IllegalArgumentException("these bytes are no product quantizer");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "product quantizer of version " + version + "; this software reads version " + VERSION);
    }
    int end = bytes.length - CHECKSUM;
    if (in.getInt(end) != checksum(bytes, end)) {
      throw new IllegalArgumentException(
          "the product quantizer's checksum does not fit: its bytes were changed");
    }
    in.limit(end);
    byte metric = in.get();
    if (metric < 0 || metric >= METRICS.size()) {
      throw new IllegalArgumentException("unknown metric " + metric);
    }
    byte bits = in.get();
    byte flags = in.get();
    if (in.get() != 0) {
      throw new IllegalArgumentException("a byte of the product quantizer that must be 0 is not");
    }
    PqParameters parameters = new PqParameters(in.getInt(), in.getInt(), bits);
    Estimator estimator = estimator(METRICS.get(metric), parameters, flags);
    float[] mean = getFloats(in, parameters.dimension());
    long stages = estimator.residual() ? 2 : 1;
    float[] centroids = getFloats(in, stages * parameters.dimension() * parameters.centroids());
    Rotation rotation = estimator.rotated() ? readRotation(in, parameters.dimension()) : null;
    Training training = readTraining(in, METRICS.get(metric), parameters);
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(
          in.remaining() + " bytes too many behind the product quantizer");
    }
    return new ProductQuantizer(
        new Frame(METRICS.get(metric), mean, rotation),
        new Codebook(parameters, estimator.residual(), centroids),
        estimator,
        training);
  }

  private static Rotation readRotation(ByteBuffer in, int dimension) {
    require(in, 4);
    int block = in.getInt();
    if (block < 1 || block > dimension) {
      throw new IllegalArgumentException(
          "a rotation of " + dimension + " dimensions has no blocks of " + block);
    }
    float[] rows = getFloats(in, (long) dimension * block);
    require(in, 4L * dimension);
    int[] target = new int[dimension];
    for (int i = 0; i < dimension; i++) {
      target[i] = in.getInt();
    }
    return new Rotation(dimension, block, rows, target);
  }

  private static Training readTraining(ByteBuffer in, Metric metric, PqParameters parameters) {
    require(in, TRAINING);
    int sample = in.getInt();
    ReconstructionError error = new ReconstructionError(in.getDouble(), in.getDouble());
    int count = in.getInt();
    if (count < 0 || sample < 0 || !(error.meanSquared() >= 0) || !(error.relative() >= 0)) {
      throw new IllegalArgumentException(
          "a training on " + sample + " vectors with " + error + " and " + count + " trials");
    }
    require(in, (long) count * TRIAL);
    List<Training.Trial> trials = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Training.Trial trial =
          new Training.Trial(estimator(metric, parameters, in.get()), in.getFloat());
      if (!(trial.recall() >= 0 && trial.recall() <= 1)) {
        throw new IllegalArgumentException("a recall of " + trial.recall());
      }
      trials.add(trial);
    }
    return new Training(sample, error, trials);
  }

  private static byte flags(Estimator estimator) {
    return (byte)
        ((estimator.rotated() ? 1 : 0)
            + (estimator.direction() ? 2 : 0)
            + (estimator.scalar() ? 4 : 0)
            + (estimator.residual() ? 8 : 0));
  }

  private static Estimator estimator(Metric metric, PqParameters parameters, byte flags) {
    Estimator estimator =
        new Estimator((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0);
    if (flags != flags(estimator)) {
      throw new IllegalArgumentException("unknown estimator " + flags);
    }
    return estimator.checked(metric, parameters);
  }

  private static void putFloats(ByteBuffer out, float[] values) {
    out.asFloatBuffer().put(values);
    out.position(out.position() + Float.BYTES * values.length);
  }

  private static float[] getFloats(ByteBuffer in, long count) {
    require(in, Float.BYTES * count);
    float[] values = new float[(int) count];
    in.asFloatBuffer().get(values);
    in.position(in.position() + Float.BYTES * values.length);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "the product quantizer holds " + value + ", not a finite number");
      }
    }
    return values;
  }

  private static void require(ByteBuffer in, long bytes) {
    if (in.remaining() < bytes) {
      throw new IllegalArgumentException(
          "the product quantizer ends early: " + in.remaining() + " of " + bytes + " bytes left");
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}

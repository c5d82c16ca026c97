/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.affinity.quantization.Metric;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.VectorMath;
import org.apache.lucene.index.FieldInfo;

/**
 * What codebook and centroids are learned from: a uniform sample of bounded size of a stream of
 * nearly known length, drawn without looking at what is not taken (selection sampling, Knuth, TAOCP
 * 2, 3.4.2, algorithm S). The same stream gives the same sample.
 */
final class VectorSample {

  private static final long SEED = 0x5EEDL;

  /** Most heap a sample takes. */
  private static final long BYTES = 128L << 20;

  /** Vectors per list that k-means needs to place a centroid well. */
  private static final int PER_LIST = 40;

  /** Lengths that vary by more than this share of their mean make inner products a special case. */
  private static final double EVEN_LENGTHS = 0.2;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<float[]> vectors = new ArrayList<>();
  private long wanted;
  private long left;

  /**
   * @param bound most vectors the stream can have
   */
  VectorSample(int dimension, int lists, long bound) {
    long affordable = Math.max(1, BYTES / ((long) Float.BYTES * dimension));
    long useful = Math.max(ProductQuantizerTrainer.MAXIMUM_SAMPLE, (long) PER_LIST * lists);
    this.wanted = Math.min(affordable, useful);
    this.left = bound;
  }

  /** Asked once for every vector of the stream: whether to {@link #add} it. */
  boolean wantsNext() {
    boolean wants = wanted > 0 && (wanted >= left || random.nextLong(Math.max(1, left)) < wanted);
    left--;
    wanted -= wants ? 1 : 0;
    return wants;
  }

  /** Keeps a copy. */
  void add(float[] vector) {
    vectors.add(vector.clone());
  }

  /** The vectors sampled, in the order of the stream. */
  List<float[]> vectors() {
    return vectors;
  }

  /** At most as many as a trainer of codebooks uses, from all over the stream. */
  List<float[]> forCodes() {
    int size = vectors.size();
    int most = ProductQuantizerTrainer.MAXIMUM_SAMPLE;
    if (size <= most) {
      return vectors;
    }
    List<float[]> chosen = new ArrayList<>(most);
    for (int i = 0; i < most; i++) {
      chosen.add(vectors.get((int) ((long) i * size / most)));
    }
    return chosen;
  }

  /** Learns centroids. */
  CoarseQuantizer forLists(FieldInfo info, Metric metric, int lists, AbortCheck abort)
      throws IOException {
    int dimension = info.getVectorDimension();
    boolean directions = directions(metric);
    int count = (int) Math.min(vectors.size(), Math.max(PER_LIST * (long) lists, 1000));
    float[] points = new float[Math.multiplyExact(count, dimension)];
    for (int i = 0; i < count; i++) {
      float[] vector = vectors.get((int) ((long) i * vectors.size() / count));
      CoarseQuantizer.place(directions, vector, points, i * dimension);
    }
    return CoarseQuantizer.train(points, count, dimension, directions, lists, abort);
  }

  private boolean directions(Metric metric) {
    return switch (metric) {
      case L2 -> false;
      case COSINE -> true;
      case INNER_PRODUCT -> lengthsVary();
    };
  }

  private boolean lengthsVary() {
    double sum = 0;
    double squares = 0;
    for (float[] vector : vectors) {
      double square = VectorMath.squaredNorm(vector);
      sum += Math.sqrt(square);
      squares += square;
    }
    double mean = sum / vectors.size();
    double variance = Math.max(0, squares / vectors.size() - mean * mean);
    return Math.sqrt(variance) > EVEN_LENGTHS * mean;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;

/**
 * Trains a {@link ProductQuantizer} on a sample: chooses the {@link Estimator} by measurement, then
 * runs k-means for every code on its own. The same parameters, sample (in the same order), queries
 * and seed give the same quantizer, whatever the machine and the number of threads.
 *
 * <p>The choice: every estimator that metric and shape admit is trained shortly on up to {@value
 * TrainingRun#TRIAL_SAMPLE} vectors; the one that finds most of what {@value TrainingRun#QUERIES}
 * queries look for wins, and of equals the simplest. Queries are those given, or vectors of the
 * sample that the trial leaves out. They matter where they are distributed differently from the
 * vectors, as readers are from books. What is looked for are the vectors trained on, for that is
 * what a segment's codebook serves: few vectors kept out miss the few of large norm that answer
 * inner products, and were measured to choose wrongly.
 *
 * <p>Cost for n vectors: with a given estimator about {@code n · dimension · k · 27} multiply-adds,
 * twice that for two stages. Where it is chosen, trials of up to 16,384 vectors and 8 rounds each,
 * and from the best of them 7 rounds with all. {@code O(dimension³)} for a rotation (see {@link
 * Rotation}). Memory: a copy of the sample and one subspace of it per thread.
 *
 * <p>Immutable; every {@code with} method gives a new trainer.
 */
public final class ProductQuantizerTrainer {

  /** A sample larger than this teaches little more: 128 points per centroid of 8 bits. */
  public static final int MAXIMUM_SAMPLE = 32_768;

  /** A smaller sample says nothing reliable of estimators: the plain one is used. */
  public static final int SMALLEST_TRIAL = TrainingRun.SMALLEST_TRIAL;

  /** Mean square of a coordinate below which float32 distances vanish. */
  private static final double SMALLEST_SQUARE = 1e-30;

  private final PqParameters parameters;
  private final Metric metric;
  private final long seed;
  private final Estimator estimator;
  private final List<float[]> queries;
  private final Threads threads;
  private final TrainingMonitor monitor;
  private final int rounds;

  /** A trainer that chooses the estimator, on the calling thread, unwatched. */
  public ProductQuantizerTrainer(PqParameters parameters, Metric metric, long seed) {
    this(
        parameters,
        metric,
        seed,
        null,
        List.of(),
        Threads.CALLER,
        TrainingMonitor.NONE,
        TrainingRun.ROUNDS);
  }

  private ProductQuantizerTrainer(
      PqParameters parameters,
      Metric metric,
      long seed,
      Estimator estimator,
      List<float[]> queries,
      Threads threads,
      TrainingMonitor monitor,
      int rounds) {
    this.parameters = parameters;
    this.metric = metric;
    this.seed = seed;
    this.estimator = estimator;
    this.queries = queries;
    this.threads = threads;
    this.monitor = monitor;
    this.rounds = rounds;
  }

  /**
   * Uses this estimator instead of choosing one.
   *
   * @throws IllegalArgumentException if metric or parameters do not admit it
   */
  public ProductQuantizerTrainer withEstimator(Estimator fixed) {
    return new ProductQuantizerTrainer(
        parameters,
        metric,
        seed,
        fixed.checked(metric, parameters),
        queries,
        threads,
        monitor,
        rounds);
  }

  /**
   * Chooses the estimator by these queries, which are what the field will be asked.
   *
   * @throws IllegalArgumentException for another dimension or a value that is not finite
   */
  public ProductQuantizerTrainer withQueries(List<float[]> sample) {
    for (int i = 0; i < sample.size(); i++) {
      checkVector("query", i, sample.get(i));
      if (!ProductQuantizer.bindable(sample.get(i))) {
        throw new IllegalArgumentException(
            "query " + i + " holds a value beyond ±" + VectorEncoder.LARGEST);
      }
    }
    return new ProductQuantizerTrainer(
        parameters, metric, seed, estimator, List.copyOf(sample), threads, monitor, rounds);
  }

  /**
   * Works on the calling thread and up to {@code helpers} of {@code executor}'s; never waits for a
   * thread that the executor does not give.
   */
  public ProductQuantizerTrainer withExecutor(Executor executor, int helpers) {
    return new ProductQuantizerTrainer(
        parameters,
        metric,
        seed,
        estimator,
        queries,
        new Threads(executor, helpers),
        monitor,
        rounds);
  }

  /** Tells {@code watching} how far it is, and stops when it says so. */
  public ProductQuantizerTrainer withMonitor(TrainingMonitor watching) {
    return new ProductQuantizerTrainer(
        parameters, metric, seed, estimator, queries, threads, watching, rounds);
  }

  /**
   * Runs at most so many rounds of k-means: with a given estimator instead of 25, of which ten lose
   * a point or two of recall, and after the trials of a chosen one instead of 5. Two rounds with
   * all vectors come after them.
   *
   * @param most at least 1
   */
  public ProductQuantizerTrainer withRounds(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, got " + most);
    }
    return new ProductQuantizerTrainer(
        parameters, metric, seed, estimator, queries, threads, monitor, most);
  }

  /**
   * Trains from nothing.
   *
   * @param sample not changed
   * @throws UntrainableException if the sample has fewer vectors than a codebook has centroids, if
   *     all are equal, or if values are so large or small that their squares leave float32
   * @throws IllegalArgumentException for another dimension or a value that is not finite
   * @throws CancellationException if the monitor said so
   */
  public ProductQuantizer train(List<float[]> sample) {
    check(sample);
    return run(sample).train(estimator, queries, rounds);
  }

  /**
   * Trains from a codebook that is nearly right: its coordinates and estimator stay, its centroids
   * follow the sample. A fifth of the work of {@link #train}.
   *
   * @throws IllegalArgumentException also if {@code start} has other parameters or another metric
   */
  public ProductQuantizer refine(ProductQuantizer start, List<float[]> sample) {
    check(sample);
    if (!start.parameters().equals(parameters) || start.metric() != metric) {
      throw new IllegalArgumentException(
          "cannot refine " + start + " with a trainer of " + metric + ", " + parameters);
    }
    return run(sample).refine(start);
  }

  private TrainingRun run(List<float[]> sample) {
    return new TrainingRun(
        parameters, metric, sample, new SplittableRandom(seed), threads, monitor);
  }

  private void check(List<float[]> sample) {
    int k = parameters.centroids();
    if (sample.size() < k) {
      throw new UntrainableException(
          k
              + " centroids per subspace need at least as many training vectors, got "
              + sample.size());
    }
    double[] sums = new double[parameters.dimension()];
    double squares = 0;
    boolean equal = true;
    for (int i = 0; i < sample.size(); i++) {
      float[] vector = sample.get(i);
      checkVector("training vector", i, vector);
      for (int d = 0; d < vector.length; d++) {
        if (Math.abs(vector[d]) > VectorEncoder.LARGEST) {
          throw new UntrainableException(
              "training vector "
                  + i
                  + " holds "
                  + vector[d]
                  + " at "
                  + d
                  + ", beyond ±"
                  + VectorEncoder.LARGEST
                  + ": scale the embeddings down");
        }
        equal &= vector[d] == sample.get(0)[d];
        sums[d] += vector[d];
        squares += (double) vector[d] * vector[d];
      }
    }
    if (equal) {
      throw new UntrainableException(
          "all " + sample.size() + " training vectors are equal: there is nothing to learn");
    }
    if (metric != Metric.COSINE && squares / sample.size() / sums.length < SMALLEST_SQUARE) {
      throw new UntrainableException(
          "the training vectors are so short that their squares vanish: scale the embeddings up");
    }
  }

  private void checkVector(String what, int index, float[] vector) {
    if (vector.length != parameters.dimension()) {
      throw new IllegalArgumentException(
          what
              + " "
              + index
              + " has dimension "
              + vector.length
              + ", expected "
              + parameters.dimension());
    }
    for (int d = 0; d < vector.length; d++) {
      if (!Float.isFinite(vector[d])) {
        throw new IllegalArgumentException(
            what + " " + index + " holds " + vector[d] + " at " + d + ", not a finite number");
      }
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;

/** One training, from sample to quantizer. For one thread, which may have helpers. */
final class TrainingRun {

  /** Lloyd rounds at most, if not told otherwise. */
  static final int ROUNDS = 25;

  /** Rounds when training starts from a codebook, a trial's too. */
  static final int REFINING_ROUNDS = 5;

  static final int TRIAL_SAMPLE = 16_384;
  static final int TRIAL_ROUNDS = 8;
  static final int QUERIES = 200;

  /** Of the trial's sample, how many are looked for. */
  private static final int LOOKED_FOR = 8192;

  /** Below this many vectors a trial says nothing reliable. */
  static final int SMALLEST_TRIAL = 2048;

  /** One vector in so many is kept apart to measure the error on. */
  private static final int HELD_OUT_STEP = 10;

  /** Rounds in which also those kept apart are seen. */
  private static final int LAST_ROUNDS = 2;

  /** Recall below which a more costly estimator counts as no better than a simpler one. */
  private static final double PRICE = 0.002;

  private final PqParameters parameters;
  private final Metric metric;
  private final List<float[]> sample;

  /** The part of the sample to learn from, and that to measure the error on. */
  private final List<float[]> seen;

  private final List<float[]> unseen;
  private final SplittableRandom random;
  private final Threads threads;
  private final TrainingMonitor monitor;
  private final Map<Boolean, Rotation.Axes> axesByDirection = new HashMap<>();
  private TrainingProgress progress;

  TrainingRun(
      PqParameters parameters,
      Metric metric,
      List<float[]> sample,
      SplittableRandom random,
      Threads threads,
      TrainingMonitor monitor) {
    this.parameters = parameters;
    this.metric = metric;
    this.sample = sample;
    if (sample.size() < SMALLEST_TRIAL) {
      this.seen = sample;
      this.unseen = sample;
    } else {
      this.seen = new ArrayList<>();
      this.unseen = new ArrayList<>();
      for (int i = 0; i < sample.size(); i++) {
        (i % HELD_OUT_STEP == 0 ? unseen : seen).add(sample.get(i));
      }
    }
    this.random = random;
    this.threads = threads;
    this.monitor = monitor;
  }

  /**
   * Trains from nothing, or, where an estimator is chosen, from what its trial learned.
   *
   * @param fixed the estimator, null to choose one
   * @param queries to choose by, empty to ask for vectors of the sample
   */
  ProductQuantizer train(Estimator fixed, List<float[]> queries, int rounds) {
    if (fixed != null || sample.size() < SMALLEST_TRIAL) {
      Estimator estimator = fixed == null ? Estimator.PLAIN : fixed;
      double steps = steps(sample.size(), rounds + LAST_ROUNDS, estimator.residual());
      progress = new TrainingProgress(monitor, steps);
      return finish(frame(sample, estimator), estimator, null, rounds, List.of());
    }
    int more = Math.min(rounds, REFINING_ROUNDS);
    Trials trials = new Trials(queries);
    // Whether there will be two stages is not known yet: count them.
    double last = steps(sample.size(), more + LAST_ROUNDS, true);
    progress = new TrainingProgress(monitor, trials.steps() + last);
    ProductQuantizer best = trials.run();
    return finish(best.frame(), best.estimator(), best.codebook(), more, trials.results);
  }

  /** Trains from a codebook. */
  ProductQuantizer refine(ProductQuantizer start) {
    Estimator estimator = start.estimator();
    double steps = steps(sample.size(), REFINING_ROUNDS + LAST_ROUNDS, estimator.residual());
    progress = new TrainingProgress(monitor, steps);
    List<Training.Trial> trials = start.training().trials();
    return finish(start.frame(), estimator, start.codebook(), REFINING_ROUNDS, trials);
  }

  /**
   * Trains on nine vectors in ten and measures on the others, for what a codebook loses of vectors
   * that it knows says little of those to come; then lets it see them all. A sample too small for
   * that is measured on itself.
   */
  private ProductQuantizer finish(
      Frame frame, Estimator estimator, Codebook start, int rounds, List<Training.Trial> trials) {
    Codebook codebook = codebook(coordinates(seen, frame, estimator), estimator, start, rounds);
    Training unknown = new Training(sample.size(), new ReconstructionError(0, 0), trials);
    ReconstructionError error =
        ReconstructionError.of(new ProductQuantizer(frame, codebook, estimator, unknown), unseen);
    if (seen != sample) {
      codebook = codebook(coordinates(sample, frame, estimator), estimator, codebook, LAST_ROUNDS);
    }
    progress.finish();
    Training training = new Training(sample.size(), error, trials);
    return new ProductQuantizer(frame, codebook, estimator, training);
  }

  private Frame frame(List<float[]> vectors, Estimator estimator) {
    Frame frame =
        estimator.direction()
            ? Frame.ofDirections(parameters.dimension())
            : Frame.centred(metric, vectors);
    if (!estimator.rotated()) {
      return frame;
    }
    progress.check();
    Rotation.Axes axes =
        axesByDirection.computeIfAbsent(
            estimator.direction(),
            direction ->
                Rotation.Axes.of(
                    coordinates(
                        vectors.subList(0, Math.min(vectors.size(), TRIAL_SAMPLE)),
                        frame,
                        estimator)));
    return frame.turned(axes.balanced(Codebook.split(parameters, estimator.residual())));
  }

  /** What gets coded of every vector. */
  private static List<float[]> coordinates(
      List<float[]> vectors, Frame frame, Estimator estimator) {
    VectorEncoder encoder = new VectorEncoder(frame, null, estimator);
    List<float[]> coordinates = new ArrayList<>(vectors.size());
    for (float[] vector : vectors) {
      float[] y = new float[vector.length];
      encoder.coordinates(vector, y);
      coordinates.add(y);
    }
    return coordinates;
  }

  /** Point-rounds of a codebook, for progress; a whole vector counts as all its subspaces. */
  private double steps(int vectors, int rounds, boolean residual) {
    return (double) vectors * rounds * parameters.m() * (residual ? 2 : 1);
  }

  /**
   * Trains a codebook.
   *
   * @param coordinates of the sample; of two stages what the first leaves is put in their place
   * @param start centroids to start from, null for none
   */
  private Codebook codebook(
      List<float[]> coordinates, Estimator estimator, Codebook start, int rounds) {
    int k = parameters.centroids();
    float[] centroids = new float[Codebook.length(parameters, estimator.residual())];
    int whole = 0;
    if (estimator.residual()) {
      whole = parameters.dimension() * k;
      float[] points = slice(coordinates, 0, parameters.dimension());
      KMeans kMeans =
          new KMeans(points, coordinates.size(), parameters.dimension(), k, random.split());
      float[] from = start == null ? null : start.centroids();
      System.arraycopy(kMeans.run(from, rounds, progress, parameters.m()), 0, centroids, 0, whole);
      subtractNearest(coordinates, centroids, k);
    }
    PqParameters split = Codebook.split(parameters, estimator.residual());
    SplittableRandom[] randoms = new SplittableRandom[split.m()];
    for (int s = 0; s < randoms.length; s++) {
      randoms[s] = random.split();
    }
    int behind = whole;
    threads.forEach(
        split.m(),
        s -> {
          int size = split.size(s);
          int to = behind + split.offset(s) * k;
          float[] points = slice(coordinates, split.offset(s), size);
          float[] from = null;
          if (start != null) {
            from = new float[size * k];
            System.arraycopy(start.centroids(), to, from, 0, from.length);
          }
          KMeans kMeans = new KMeans(points, coordinates.size(), size, k, randoms[s]);
          System.arraycopy(kMeans.run(from, rounds, progress, 1), 0, centroids, to, size * k);
        });
    return new Codebook(parameters, estimator.residual(), centroids);
  }

  private void subtractNearest(List<float[]> coordinates, float[] centroids, int k) {
    int dimension = parameters.dimension();
    float[] norms = new float[k];
    Codebook.halfSquaredNorms(centroids, 0, dimension, k, norms, 0);
    Centroids whole = new Centroids(dimension, k, centroids, 0, norms, 0);
    for (float[] y : coordinates) {
      int nearest = KernelSelection.best().nearest(y, 0, whole);
      for (int d = 0; d < dimension; d++) {
        y[d] -= centroids[d * k + nearest];
      }
    }
  }

  private static float[] slice(List<float[]> coordinates, int offset, int size) {
    float[] points = new float[coordinates.size() * size];
    int i = 0;
    for (float[] vector : coordinates) {
      System.arraycopy(vector, offset, points, i * size, size);
      i++;
    }
    return points;
  }

  /** Short trainings of all estimators, and what they find. */
  private final class Trials {
    private final List<float[]> vectors;
    private final Examination examination;
    private final List<Estimator> candidates = Estimator.candidates(metric, parameters);
    private final List<Training.Trial> results = new ArrayList<>();

    Trials(List<float[]> queries) {
      // Those kept apart too: rounds without them follow before the error is measured on them.
      List<float[]> shuffled = new ArrayList<>(sample);
      Collections.shuffle(shuffled, new Random(random.nextLong()));
      int asked = queries.isEmpty() ? Math.min(QUERIES, sample.size() / 16) : 0;
      List<float[]> asking = shuffled.subList(0, asked);
      if (!queries.isEmpty()) {
        List<float[]> given = new ArrayList<>(queries);
        Collections.shuffle(given, new Random(random.nextLong()));
        asking = given.subList(0, Math.min(QUERIES, given.size()));
      }
      this.vectors = shuffled.subList(asked, Math.min(shuffled.size(), asked + TRIAL_SAMPLE));
      this.examination =
          new Examination(metric, vectors.subList(0, Math.min(vectors.size(), LOOKED_FOR)), asking);
    }

    double steps() {
      double steps = 0;
      for (Estimator candidate : candidates) {
        if (ownsCodebook(candidate)) {
          steps += TrainingRun.this.steps(vectors.size(), TRIAL_ROUNDS, candidate.residual());
        }
      }
      return steps;
    }

    /** With or without the scalar the codebook is the same; the first of the two trains it. */
    private boolean ownsCodebook(Estimator candidate) {
      return !candidate.scalar() || !candidates.contains(candidate.withScalar(false));
    }

    /** That of best recall; a costlier one must be better by more than noise. */
    ProductQuantizer run() {
      ProductQuantizer best = null;
      float bestRecall = 0;
      Frame frame = null;
      Codebook codebook = null;
      for (Estimator candidate : candidates) {
        progress.check();
        if (ownsCodebook(candidate)) {
          frame = frame(vectors, candidate);
          codebook =
              codebook(coordinates(vectors, frame, candidate), candidate, null, TRIAL_ROUNDS);
        }
        Training training = new Training(vectors.size(), new ReconstructionError(0, 0), List.of());
        ProductQuantizer quantizer = new ProductQuantizer(frame, codebook, candidate, training);
        float recall = examination.recall(quantizer);
        results.add(new Training.Trial(candidate, recall));
        if (best == null || recall > bestRecall + PRICE) {
          best = quantizer;
          bestRecall = recall;
        }
      }
      return best;
    }
  }
}

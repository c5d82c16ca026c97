/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import com.carrotsearch.randomizedtesting.annotations.ThreadLeakLingering;
import com.carrotsearch.randomizedtesting.annotations.Timeout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.affinity.quantization.TestQuantizers.Kind;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

@ThreadLeakLingering(linger = 5000)
public class ProductQuantizerTrainerTests extends RandomizedTest {

  private static final PqParameters SHAPE = new PqParameters(9, 4, 4);

  private static ProductQuantizerTrainer trainer(PqParameters parameters, Metric metric) {
    return new ProductQuantizerTrainer(parameters, metric, 7);
  }

  @Test
  public void testSameSampleAndSeedGiveTheSameQuantizer() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2200);
    for (Metric metric : Metric.values()) {
      byte[] first = trainer(SHAPE, metric).train(sample).toBytes();
      assertArrayEquals(first, trainer(SHAPE, metric).train(sample).toBytes());
      ProductQuantizer other = new ProductQuantizerTrainer(SHAPE, metric, 8).train(sample);
      assertNotEquals(ProductQuantizer.fromBytes(first), other);
    }
  }

  @Test
  public void testHelpersChangeNothing() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2200);
    for (Metric metric : Metric.values()) {
      byte[] alone = trainer(SHAPE, metric).train(sample).toBytes();
      for (int helpers = 1; helpers <= 4; helpers++) {
        try (ExecutorService executor = Executors.newFixedThreadPool(helpers)) {
          ProductQuantizerTrainer helped = trainer(SHAPE, metric).withExecutor(executor, helpers);
          assertArrayEquals(alone, helped.train(sample).toBytes());
        }
      }
    }
  }

  @Test
  @Timeout(millis = 60_000)
  public void testExecutorsThatDoNotHelpChangeNothing() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 500);
    byte[] alone = trainer(SHAPE, Metric.L2).train(sample).toBytes();
    Executor rejecting =
        helper -> {
          throw new RejectedExecutionException("full");
        };
    Executor never = helper -> {};
    for (Executor executor : List.of(rejecting, never)) {
      ProductQuantizerTrainer helped = trainer(SHAPE, Metric.L2).withExecutor(executor, 3);
      assertArrayEquals(alone, helped.train(sample).toBytes());
    }
  }

  @Test
  public void testAllKernelsTrainTheSame() throws Exception {
    int here = TrainingProbe.hash();
    List<String> lines = child("-Daffinity.kernels=scalar");
    assertEquals("scalar", lines.get(0));
    assertEquals(here, Integer.parseInt(lines.get(1)));
  }

  private static List<String> child(String flag) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules=jdk.incubator.vector", flag, "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(TrainingProbe.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(output, 0, process.waitFor());
      return output.lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  public void testTheSampleIsNotChanged() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2200);
    List<float[]> copy = new ArrayList<>();
    sample.forEach(vector -> copy.add(vector.clone()));
    for (Metric metric : Metric.values()) {
      ProductQuantizer quantizer = trainer(SHAPE, metric).train(sample);
      trainer(SHAPE, metric).refine(quantizer, sample);
    }
    for (int i = 0; i < copy.size(); i++) {
      assertArrayEquals(copy.get(i), sample.get(i), 0);
    }
  }

  @Test
  public void testAFixedEstimatorIsUsed() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2200);
    for (Kind kind : TestQuantizers.kinds(9, 4)) {
      if (kind.parameters().bits() == 6) {
        continue;
      }
      ProductQuantizer quantizer =
          trainer(kind.parameters(), kind.metric()).withEstimator(kind.estimator()).train(sample);
      assertEquals(kind.estimator(), quantizer.estimator());
      assertEquals(List.of(), quantizer.training().trials());
      assertEquals(kind.estimator().rotated(), quantizer.frame().rotation() != null);
      double relative = quantizer.training().error().relative();
      assertTrue(kind + " loses " + relative, relative > 0 && relative < 0.6);
    }
  }

  @Test
  public void testASmallSampleChoosesPlain() {
    List<float[]> sample =
        TestVectors.correlated(getRandom(), 9, 2, TrainingRun.SMALLEST_TRIAL - 1);
    ProductQuantizer quantizer = trainer(SHAPE, Metric.INNER_PRODUCT).train(sample);
    assertEquals(Estimator.PLAIN, quantizer.estimator());
    assertEquals(List.of(), quantizer.training().trials());
  }

  @Test
  public void testTrialsAreRecorded() {
    List<float[]> sample = TestVectors.correlated(getRandom(), 9, 2, TrainingRun.SMALLEST_TRIAL);
    for (Metric metric : Metric.values()) {
      List<Training.Trial> trials = trainer(SHAPE, metric).train(sample).training().trials();
      assertEquals(
          Estimator.candidates(metric, SHAPE),
          trials.stream().map(Training.Trial::estimator).toList());
      for (Training.Trial trial : trials) {
        assertTrue(trial.toString(), trial.recall() >= 0 && trial.recall() <= 1);
      }
    }
  }

  @Test
  public void testTheChosenEstimatorFoundAsMuchAsAny() {
    List<float[]> sample = TestVectors.correlated(getRandom(), 12, 3, 2500);
    PqParameters parameters = new PqParameters(12, 3, 4);
    for (Metric metric : Metric.values()) {
      ProductQuantizer quantizer = trainer(parameters, metric).train(sample);
      float chosen = -1;
      float best = -1;
      for (Training.Trial trial : quantizer.training().trials()) {
        best = Math.max(best, trial.recall());
        chosen = trial.estimator().equals(quantizer.estimator()) ? trial.recall() : chosen;
      }
      assertTrue(chosen + " of " + best, chosen >= best - 0.0021f);
    }
  }

  @Test
  public void testCorrelatedDimensionsAreRotated() {
    List<float[]> sample = TestVectors.correlated(getRandom(), 32, 8, 4000);
    for (Metric metric : Metric.values()) {
      ProductQuantizer quantizer = trainer(new PqParameters(32, 4), metric).train(sample);
      assertTrue(quantizer.training().trials().toString(), quantizer.estimator().rotated());
    }
  }

  @Test
  public void testLengthsOfManySizesAreWeighted() {
    List<float[]> sample = TestVectors.ofManyLengths(getRandom(), 16, 4000);
    ProductQuantizer quantizer =
        trainer(new PqParameters(16, 4), Metric.INNER_PRODUCT).train(sample);
    assertTrue(quantizer.training().trials().toString(), quantizer.estimator().weighted());
  }

  @Test
  public void testQueriesChangeTheExamination() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2500);
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      float[] query = new float[9];
      query[2] = 1 + i;
      queries.add(query);
    }
    ProductQuantizerTrainer trainer = trainer(SHAPE, Metric.INNER_PRODUCT);
    List<Training.Trial> without = trainer.train(sample).training().trials();
    List<Training.Trial> with = trainer.withQueries(queries).train(sample).training().trials();
    assertNotEquals(without, with);
  }

  /** Remembers all it is told and may cancel. */
  private static final class Watcher implements TrainingMonitor {
    private final List<Double> told = new ArrayList<>();
    private final int cancelAfter;
    private int asked;
    private int toldSinceCancelled;

    Watcher(int cancelAfter) {
      this.cancelAfter = cancelAfter;
    }

    @Override
    public synchronized void progress(double done) {
      told.add(done);
      toldSinceCancelled += asked > cancelAfter ? 1 : 0;
    }

    @Override
    public synchronized boolean cancelled() {
      asked++;
      return asked > cancelAfter;
    }
  }

  private static void checkProgress(Watcher watcher, String what) {
    double previous = 0;
    for (double done : watcher.told) {
      assertTrue(what + ": " + done + " after " + previous, done >= previous && done <= 1);
      previous = done;
    }
    assertEquals(what + " ends", 1, previous, 1e-9);
  }

  @Test
  public void testProgressOfFixedEstimatorsEndsAtOne() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 700);
    for (Kind kind : TestQuantizers.kinds(9, 4)) {
      if (kind.estimator().residual()) {
        continue;
      }
      Watcher watcher = new Watcher(Integer.MAX_VALUE);
      trainer(kind.parameters(), kind.metric())
          .withEstimator(kind.estimator())
          .withMonitor(watcher)
          .train(sample);
      checkProgress(watcher, kind.toString());
    }
  }

  @Test
  public void testProgressOfResidualCodesEndsAtOne() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 700);
    Watcher watcher = new Watcher(Integer.MAX_VALUE);
    trainer(new PqParameters(9, 4), Metric.INNER_PRODUCT)
        .withEstimator(new Estimator(false, false, true, true))
        .withMonitor(watcher)
        .train(sample);
    checkProgress(watcher, "residual");
  }

  @Test
  public void testProgressWithoutTrialsEndsAtOne() {
    Watcher watcher = new Watcher(Integer.MAX_VALUE);
    trainer(SHAPE, Metric.L2)
        .withMonitor(watcher)
        .train(TestVectors.gaussians(getRandom(), 9, 700));
    checkProgress(watcher, "small sample");
  }

  @Test
  public void testProgressWithTrialsEndsAtOne() {
    for (Metric metric : Metric.values()) {
      Watcher watcher = new Watcher(Integer.MAX_VALUE);
      trainer(SHAPE, metric)
          .withMonitor(watcher)
          .train(TestVectors.gaussians(getRandom(), 9, 2100));
      checkProgress(watcher, "trials for " + metric);
    }
  }

  @Test
  public void testProgressOfARefinementEndsAtOne() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 700);
    ProductQuantizer start = trainer(SHAPE, Metric.L2).train(sample);
    Watcher watcher = new Watcher(Integer.MAX_VALUE);
    trainer(SHAPE, Metric.L2).withMonitor(watcher).refine(start, sample);
    checkProgress(watcher, "refinement");
  }

  @Test
  public void testProgressNeverGoesBackWithHelpers() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2100);
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      Watcher watcher = new Watcher(Integer.MAX_VALUE);
      trainer(SHAPE, Metric.INNER_PRODUCT)
          .withExecutor(executor, 3)
          .withMonitor(watcher)
          .train(sample);
      double previous = 0;
      for (double done : watcher.told) {
        assertTrue(done >= previous && done <= 1);
        previous = done;
      }
      assertTrue("ends at " + previous, previous > 0.4);
    }
  }

  private static void assertCancelled(Watcher watcher, int threads, ThrowingRunnable training) {
    java.util.concurrent.CancellationException e =
        assertThrows(java.util.concurrent.CancellationException.class, training);
    assertEquals("the training was cancelled", e.getMessage());
    // A thread may end the round it is at, and say so with the rounds it saves.
    assertTrue("" + watcher.toldSinceCancelled, watcher.toldSinceCancelled <= 2 * threads);
  }

  @Test
  public void testCancellation() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2100);
    for (int after : new int[] {0, 1, 5, 30, 100}) {
      Watcher watcher = new Watcher(after);
      ProductQuantizerTrainer trainer = trainer(SHAPE, Metric.INNER_PRODUCT).withMonitor(watcher);
      assertCancelled(watcher, 1, () -> trainer.train(sample));
    }
  }

  @Test
  public void testCancellationWithHelpers() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2100);
    for (int after : new int[] {0, 1, 5, 30, 100}) {
      try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
        Watcher watcher = new Watcher(after);
        ProductQuantizerTrainer trainer =
            trainer(SHAPE, Metric.INNER_PRODUCT).withMonitor(watcher).withExecutor(executor, 3);
        assertCancelled(watcher, 4, () -> trainer.train(sample));
      }
    }
  }

  @Test
  public void testRefiningFollowsShiftedVectors() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 900);
    List<float[]> shifted = TestVectors.shifted(TestVectors.gaussians(getRandom(), 9, 900), 1);
    for (Kind kind : TestQuantizers.kinds(9, 4)) {
      ProductQuantizerTrainer trainer =
          trainer(kind.parameters(), kind.metric()).withEstimator(kind.estimator());
      ProductQuantizer start = trainer.train(sample);
      ProductQuantizer refined = trainer.refine(start, shifted);
      double before = ReconstructionError.of(start, shifted).meanSquared();
      double after = ReconstructionError.of(refined, shifted).meanSquared();
      assertTrue(kind + ": " + after + ", before " + before, after < before);
      assertEquals(after, refined.training().error().meanSquared(), 0);
      assertEquals(start.frame(), refined.frame());
      assertEquals(start.estimator(), refined.estimator());
    }
  }

  @Test
  public void testRefiningOnTheSameSampleLosesNothing() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 900);
    for (Metric metric : Metric.values()) {
      ProductQuantizer start = trainer(SHAPE, metric).train(sample);
      ProductQuantizer refined = trainer(SHAPE, metric).refine(start, sample);
      double before = start.training().error().meanSquared();
      assertTrue(refined.training().error().meanSquared() <= before * (1 + 1e-5));
    }
  }

  @Test
  public void testRefiningKeepsTheTrials() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 2100);
    ProductQuantizer start = trainer(SHAPE, Metric.COSINE).train(sample);
    ProductQuantizer refined = trainer(SHAPE, Metric.COSINE).refine(start, sample.subList(0, 500));
    assertEquals(start.training().trials(), refined.training().trials());
    assertEquals(500, refined.training().sample());
  }

  @Test
  public void testRefiningTheSameTwiceGivesTheSame() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 700);
    ProductQuantizer start = trainer(SHAPE, Metric.L2).train(sample.subList(0, 300));
    byte[] before = start.toBytes();
    byte[] refined = trainer(SHAPE, Metric.L2).refine(start, sample).toBytes();
    assertArrayEquals(refined, trainer(SHAPE, Metric.L2).refine(start, sample).toBytes());
    assertArrayEquals("the start is not changed", before, start.toBytes());
  }

  @Test
  public void testRefiningAnotherKindIsRefused() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 300);
    ProductQuantizer start = trainer(SHAPE, Metric.L2).train(sample);
    assertRefused("cannot refine", () -> trainer(SHAPE, Metric.COSINE).refine(start, sample));
    assertRefused(
        "cannot refine", () -> trainer(new PqParameters(9, 3, 4), Metric.L2).refine(start, sample));
  }

  @Test
  @Timeout(millis = 60_000)
  public void testManyEqualVectorsEndSoon() {
    List<float[]> sample = new ArrayList<>();
    float[] often = TestVectors.gaussian(getRandom(), 9);
    for (int i = 0; i < 3000; i++) {
      sample.add(i % 10 == 0 ? TestVectors.gaussian(getRandom(), 9) : often);
    }
    for (Metric metric : Metric.values()) {
      ProductQuantizer quantizer = trainer(new PqParameters(9, 3), metric).train(sample);
      double lost = TestQuantizers.error(quantizer, List.of(often));
      assertTrue(metric + " loses " + lost, lost < 0.01 * VectorMath.squaredNorm(often));
    }
  }

  @Test
  public void testConstantDimensionsAreKeptExactly() {
    for (Kind kind : TestQuantizers.kinds(9, 3)) {
      if (kind.metric() == Metric.COSINE
          || kind.estimator().rotated()
          || kind.estimator().direction()) {
        continue;
      }
      List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 600);
      float constant = getRandom().nextFloat();
      for (float[] vector : sample) {
        // The whole second subspace, and one dimension of the third.
        vector[3] = 0.5f;
        vector[4] = constant;
        vector[5] = -3;
        vector[7] = constant;
      }
      ProductQuantizer quantizer =
          trainer(kind.parameters(), kind.metric()).withEstimator(kind.estimator()).train(sample);
      for (int i = 0; i < 50; i++) {
        byte[] record = TestQuantizers.encoded(quantizer, sample.get(i));
        float[] decoded = TestQuantizers.decoded(quantizer, record, 0);
        for (int d : new int[] {3, 4, 5, 7}) {
          assertEquals(kind.toString(), sample.get(i)[d], decoded[d], 0);
        }
      }
    }
  }

  @Test
  public void testConstantDimensionsAreKeptByAllEstimators() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 600);
    for (float[] vector : sample) {
      vector[3] = 0.5f;
      vector[4] = 0;
      vector[5] = -3;
    }
    for (Kind kind : TestQuantizers.kinds(9, 3)) {
      if (kind.metric() == Metric.COSINE || kind.estimator().direction()) {
        continue;
      }
      ProductQuantizer quantizer =
          trainer(kind.parameters(), kind.metric()).withEstimator(kind.estimator()).train(sample);
      byte[] record = TestQuantizers.encoded(quantizer, sample.get(0));
      float[] decoded = TestQuantizers.decoded(quantizer, record, 0);
      for (int d = 3; d < 6; d++) {
        assertEquals(kind.toString(), sample.get(0)[d], decoded[d], 1e-4);
      }
    }
  }

  @Test
  public void testVectorsOfASubspaceAreTrainable() {
    for (int i = 0; i < 10; i++) {
      int dimension = randomIntBetween(10, 60);
      int latent = randomIntBetween(1, dimension - 1);
      List<float[]> axes = TestVectors.gaussians(getRandom(), dimension, latent);
      List<float[]> sample = new ArrayList<>();
      for (int v = 0; v < 200; v++) {
        float[] vector = new float[dimension];
        for (float[] axis : axes) {
          float value = (float) getRandom().nextGaussian();
          for (int d = 0; d < dimension; d++) {
            vector[d] += value * axis[d];
          }
        }
        sample.add(vector);
      }
      Estimator rotated = new Estimator(true, false, false, false);
      ProductQuantizer quantizer =
          trainer(new PqParameters(dimension, 5, 4), Metric.L2)
              .withEstimator(rotated)
              .train(sample);
      assertTrue(quantizer.training().error().relative() < 1);
    }
  }

  @Test
  public void testVectorsOfOneDirectionAreTrainable() {
    List<float[]> sample = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      sample.add(TestVectors.times(new float[] {1, -2, 3, 0, 4, 1, 1, 1, 2}, i));
    }
    for (Kind kind : TestQuantizers.kinds(9, 3)) {
      ProductQuantizer quantizer =
          trainer(kind.parameters(), kind.metric()).withEstimator(kind.estimator()).train(sample);
      double relative = quantizer.training().error().relative();
      assertTrue(kind + ": " + relative, Double.isFinite(relative) && relative < 0.1);
    }
  }

  @Test
  public void testZeroVectorsAmongOthersAreTrainable() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 300);
    for (int i = 0; i < 100; i++) {
      sample.set(i, new float[9]);
    }
    for (Kind kind : TestQuantizers.kinds(9, 3)) {
      ProductQuantizer quantizer =
          trainer(kind.parameters(), kind.metric()).withEstimator(kind.estimator()).train(sample);
      byte[] record = TestQuantizers.encoded(quantizer, new float[9]);
      assertTrue(Float.isFinite(quantizer.bind(sample.get(200)).score(record, 0)));
    }
  }

  @Test
  public void testTooFewVectorsAreRefused() {
    for (int bits : TestQuantizers.BITS) {
      int k = 1 << bits;
      PqParameters parameters = new PqParameters(9, 4, bits);
      List<float[]> sample = TestVectors.gaussians(getRandom(), 9, k);
      UntrainableException e =
          assertThrows(
              UntrainableException.class,
              () -> trainer(parameters, Metric.L2).train(sample.subList(0, k - 1)));
      assertTrue(e.getMessage(), e.getMessage().startsWith(k + " centroids"));
      assertTrue(e.getMessage(), e.getMessage().endsWith("got " + (k - 1)));
      assertEquals(k, trainer(parameters, Metric.L2).train(sample).training().sample());
    }
    assertThrows(UntrainableException.class, () -> trainer(SHAPE, Metric.L2).train(List.of()));
  }

  private static void assertUntrainable(String words, Metric metric, List<float[]> sample) {
    UntrainableException e =
        assertThrows(UntrainableException.class, () -> trainer(SHAPE, metric).train(sample));
    assertTrue(e.getMessage(), e.getMessage().contains(words));
  }

  @Test
  public void testEqualVectorsAreRefused() {
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sample.add(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    }
    for (Metric metric : Metric.values()) {
      assertUntrainable("all 50 training vectors are equal", metric, sample);
    }
  }

  @Test
  public void testValuesThatAreNotFiniteAreRefused() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 50);
      sample.get(31)[4] = value;
      assertRefused(
          "training vector 31 holds " + value + " at 4",
          () -> trainer(SHAPE, Metric.L2).train(sample));
      ProductQuantizer start =
          trainer(SHAPE, Metric.L2).train(TestVectors.gaussians(getRandom(), 9, 50));
      assertRefused(
          "training vector 31 holds " + value + " at 4",
          () -> trainer(SHAPE, Metric.L2).refine(start, sample));
      assertRefused(
          "query 31 holds " + value + " at 4", () -> trainer(SHAPE, Metric.L2).withQueries(sample));
    }
  }

  @Test
  public void testHugeValuesAreRefused() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 50);
    sample.get(17)[2] = -1e30f;
    for (Metric metric : Metric.values()) {
      assertUntrainable("training vector 17 holds -1.0E30 at 2", metric, sample);
    }
  }

  @Test
  public void testHugeQueriesAreRefusedByNumber() {
    List<float[]> queries = TestVectors.gaussians(getRandom(), 9, 50);
    queries.get(17)[2] = 1e30f;
    assertRefused("query 17", () -> trainer(SHAPE, Metric.L2).withQueries(queries));
  }

  @Test
  public void testVanishingValuesAreRefused() {
    List<float[]> sample = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sample.add(TestVectors.gaussian(getRandom(), 9, 1e-25));
    }
    assertUntrainable("squares vanish", Metric.L2, sample);
    assertUntrainable("squares vanish", Metric.INNER_PRODUCT, sample);
    double relative = trainer(SHAPE, Metric.COSINE).train(sample).training().error().relative();
    assertTrue("the length does not matter to cosine", relative < 0.6);
  }

  @Test
  public void testValuesAtTheLimitsAreTrained() {
    for (double scale : new double[] {1e-14, 1e16}) {
      List<float[]> sample = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        sample.add(TestVectors.gaussian(getRandom(), 9, scale));
      }
      for (Kind kind : TestQuantizers.kinds(9, 4)) {
        double relative =
            trainer(kind.parameters(), kind.metric())
                .withEstimator(kind.estimator())
                .train(sample)
                .training()
                .error()
                .relative();
        assertTrue(kind + ", scale " + scale + ": " + relative, relative < 0.6);
      }
    }
  }

  @Test
  public void testOtherDimensionsAreRefused() {
    List<float[]> sample = TestVectors.gaussians(getRandom(), 9, 50);
    sample.set(12, new float[8]);
    assertRefused(
        "training vector 12 has dimension 8, expected 9",
        () -> trainer(SHAPE, Metric.L2).train(sample));
    assertRefused(
        "query 12 has dimension 8, expected 9",
        () -> trainer(SHAPE, Metric.L2).withQueries(sample));
  }

  @Test
  public void testInadmissibleEstimatorsAreRefused() {
    Estimator direction = new Estimator(false, true, false, false);
    Estimator scalar = new Estimator(false, false, true, false);
    Estimator residual = new Estimator(false, false, true, true);
    assertRefused("not for L2", () -> trainer(SHAPE, Metric.L2).withEstimator(direction));
    assertRefused("not distances", () -> trainer(SHAPE, Metric.L2).withEstimator(scalar));
    assertRefused("8 bits", () -> trainer(SHAPE, Metric.COSINE).withEstimator(residual));
    assertRefused(
        "needs a scalar",
        () ->
            trainer(new PqParameters(9, 4), Metric.COSINE)
                .withEstimator(residual.withScalar(false)));
  }
}

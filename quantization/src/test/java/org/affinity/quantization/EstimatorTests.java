/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.Test;

public class EstimatorTests {

  private static final PqParameters SHAPE = new PqParameters(8, 4);

  @Test
  public void testPlainIsTheFirstCandidateOfEveryMetric() {
    for (Metric metric : Metric.values()) {
      assertEquals(Estimator.PLAIN, Estimator.candidates(metric, SHAPE).get(0));
    }
  }

  @Test
  public void testCandidatesAreWhatTheMetricAdmits() {
    assertEquals(12, Estimator.candidates(Metric.INNER_PRODUCT, SHAPE).size());
    assertEquals(6, Estimator.candidates(Metric.COSINE, SHAPE).size());
    assertEquals(2, Estimator.candidates(Metric.L2, SHAPE).size());
  }

  @Test
  public void testCandidatesDiffer() {
    List<Estimator> candidates = Estimator.candidates(Metric.INNER_PRODUCT, SHAPE);
    assertEquals(candidates.size(), new HashSet<>(candidates).size());
  }

  @Test
  public void testResidualCodesNeedEightBitsAndTwoCodes() {
    for (PqParameters parameters :
        List.of(new PqParameters(8, 4, 4), new PqParameters(8, 4, 6), new PqParameters(8, 1))) {
      for (Estimator candidate : Estimator.candidates(Metric.INNER_PRODUCT, parameters)) {
        assertFalse(candidate.residual());
      }
    }
  }

  @Test
  public void testWeighted() {
    for (Estimator candidate : Estimator.candidates(Metric.INNER_PRODUCT, SHAPE)) {
      assertEquals(candidate.direction() || candidate.scalar(), candidate.weighted());
    }
  }

  @Test
  public void testWithScalarChangesTheScalarOnly() {
    Estimator estimator = new Estimator(true, true, false, false);
    assertEquals(new Estimator(true, true, true, false), estimator.withScalar(true));
    assertEquals(estimator, estimator.withScalar(true).withScalar(false));
  }

  @Test
  public void testInadmissibleEstimatorsAreRefusedInWords() {
    Estimator direction = new Estimator(false, true, false, false);
    Estimator scalar = new Estimator(false, false, true, false);
    Estimator residual = new Estimator(false, false, true, true);
    assertRefused("not for L2", () -> direction.checked(Metric.L2, SHAPE));
    assertRefused("not for COSINE", () -> direction.checked(Metric.COSINE, SHAPE));
    assertRefused("not distances", () -> scalar.checked(Metric.L2, SHAPE));
    assertRefused(
        "needs a scalar", () -> residual.withScalar(false).checked(Metric.INNER_PRODUCT, SHAPE));
    assertRefused(
        "8 bits", () -> residual.checked(Metric.INNER_PRODUCT, new PqParameters(8, 4, 4)));
    assertRefused(
        "two codes", () -> residual.checked(Metric.INNER_PRODUCT, new PqParameters(8, 1)));
    assertTrue(residual.checked(Metric.INNER_PRODUCT, SHAPE).residual());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class LimitsTests {

  private static final Limits LIMITS =
      new Limits(Map.of(Level.L2, 100.0, Level.RAM, 20.0), 50, 40, 10);

  @Test
  public void testTheSlowestBinds() {
    Work work = Work.reading("vector", 1, 400, Level.L2);
    assertEquals(new Limits.Bound("reading L2", 4), LIMITS.of(work));
    assertEquals(
        new Limits.Bound("reading RAM", 20), LIMITS.of(Work.reading("vector", 1, 400, Level.RAM)));
    assertEquals(new Limits.Bound("reading L2", 4), LIMITS.of(work.computing(200)));
    assertEquals(new Limits.Bound("arithmetic", 6), LIMITS.of(work.computing(300)));
    assertEquals(new Limits.Bound("look-ups", 7), LIMITS.of(work.computing(300).lookingUp(80, 50)));
  }

  @Test
  public void testTheMostOfAllProbesCounts() {
    Limits limits =
        Limits.of(
            List.of(
                probe(Work.reading("line", 1, 640, Level.L1), 4),
                probe(Work.reading("line", 1, 640, Level.L1), 2),
                probe(Work.reading("operation", 1, 0, Level.L1).computing(90), 3),
                probe(Work.reading("look-up", 1, 0, Level.L1).lookingUp(64, 0), 2),
                probe(Work.reading("look-up", 1, 0, Level.L1).lookingUp(0, 64), 4)));
    assertEquals(new Limits(Map.of(Level.L1, 320.0), 30, 32, 16), limits);
  }

  @Test
  public void testARowIsPerUnitAndSaysTheShare() {
    Work work = Work.reading("vector", 10, 400, Level.L2).computing(100);
    JmhResult result = JmhResult.of(Map.of(), LIMITS, List.of(probe(work, 8)));
    JmhResult.Row row = result.rows().get(0);
    assertEquals(0.8, row.nanos(), 1e-9);
    assertEquals(50, row.gigabytesPerSecond(), 1e-9);
    assertEquals(12.5, row.gigaflops(), 1e-9);
    assertEquals("reading L2", row.limit());
    assertEquals(0.5, row.share(), 1e-9);
  }

  private static Measured probe(Work work, double nanos) {
    return new Measured("Type", "method", new Parameters(Map.of()), work, nanos, 0, 1);
  }
}

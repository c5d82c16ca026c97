/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.scan;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.apache.lucene.tests.util.LuceneTestCase;

public class CandidatesTests extends LuceneTestCase {

  public void testKeepsTheBest() {
    Random random = random();
    for (int round = 0; round < 300; round++) {
      int wanted = 1 + random.nextInt(50);
      int values = 1 + random.nextInt(1000);
      Candidates candidates = new Candidates(wanted);
      int count = random.nextInt(1500);
      float[] estimates = new float[count];
      for (int i = 0; i < count; i++) {
        estimates[i] = random.nextInt(values) - values / 2f;
        if (random.nextInt(50) == 0) {
          estimates[i] *= 1e6f;
        }
        float before = candidates.threshold();
        if (estimates[i] > before && !candidates.add(estimates[i], i)) {
          candidates.select();
        }
        assertTrue(candidates.threshold() >= before);
        if (random.nextInt(200) == 0) {
          candidates.select();
        }
      }
      candidates.select();
      candidates.sort();
      float[] sorted = estimates.clone();
      Arrays.sort(sorted);
      assertEquals(Math.min(wanted, count), candidates.size());
      Set<Integer> locations = new HashSet<>();
      for (int i = 0; i < candidates.size(); i++) {
        assertEquals(sorted[count - 1 - i], estimates[candidates.location(i)], 0);
        assertTrue(locations.add(candidates.location(i)));
      }
    }
  }

  public void testTheThresholdRisesBetweenSelections() {
    Candidates candidates = new Candidates(100);
    int selections = 0;
    int turnedAway = 0;
    for (int i = 0; i < 100_000; i++) {
      float estimate = (float) random().nextGaussian();
      if (!(estimate > candidates.threshold())) {
        turnedAway++;
      } else if (!candidates.add(estimate, i)) {
        candidates.select();
        selections++;
      }
    }
    // With one threshold per selection it would be some 20 selections and 5,000 additions.
    assertTrue(selections + " selections", selections <= 6);
    assertTrue(turnedAway + " turned away", turnedAway > 98_500);
  }

  public void testEqualEstimates() {
    Candidates candidates = new Candidates(10);
    for (int i = 0; i < 1000; i++) {
      if (1 > candidates.threshold() && !candidates.add(1, i)) {
        candidates.select();
      }
    }
    candidates.select();
    assertEquals(10, candidates.size());
    assertEquals(1, candidates.threshold(), 0);
    assertEquals(0, candidates.range(), 0);
  }

  public void testTakesBackASelection() {
    Candidates candidates = new Candidates(2);
    for (int i = 0; i < 5; i++) {
      candidates.add(i, i);
    }
    candidates.select();
    assertEquals(2, candidates.size());
    candidates.restore(5);
    for (int i = 0; i < 5; i++) {
      candidates.set(i, -candidates.location(i));
    }
    candidates.select();
    candidates.sort();
    assertEquals(0, candidates.location(0));
    assertEquals(1, candidates.location(1));
  }
}

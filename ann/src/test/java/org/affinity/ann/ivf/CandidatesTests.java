/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.lucene.tests.util.LuceneTestCase;

public class CandidatesTests extends LuceneTestCase {

  private record Candidate(float estimate, int ord) {}

  public void testKeepsTheBest() {
    Random random = random();
    for (int round = 0; round < 200; round++) {
      int wanted = 1 + random.nextInt(50);
      int values = 1 + random.nextInt(1000);
      Candidates candidates = new Candidates(wanted);
      List<Candidate> all = new ArrayList<>();
      int count = random.nextInt(500);
      for (int i = 0; i < count; i++) {
        Candidate candidate = new Candidate(random.nextInt(values) - values / 2f, i);
        all.add(candidate);
        if (candidate.estimate() > candidates.threshold()) {
          candidates.add(candidate.estimate(), i);
        }
        if (random.nextInt(10) == 0) {
          candidates.tighten();
        }
      }
      all.sort(Comparator.comparingDouble(Candidate::estimate).reversed());
      int[] found = candidates.bestFirst();
      assertEquals(Math.min(wanted, count), found.length);
      for (int i = 0; i < found.length; i++) {
        float estimate = all.get(i).estimate();
        int ord = found[i];
        assertEquals(
            estimate,
            all.stream().filter(c -> c.ord() == ord).findFirst().orElseThrow().estimate(),
            0);
      }
    }
  }

  public void testOrdinalsAscend() {
    Candidates candidates = new Candidates(5);
    for (int i = 0; i < 100; i++) {
      float estimate = random().nextFloat();
      if (estimate > candidates.threshold()) {
        candidates.add(estimate, random().nextInt(Integer.MAX_VALUE));
      }
    }
    int[] ords = candidates.ords();
    assertEquals(5, ords.length);
    for (int i = 1; i < ords.length; i++) {
      assertTrue(ords[i - 1] <= ords[i]);
    }
  }
}

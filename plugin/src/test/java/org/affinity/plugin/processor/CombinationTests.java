/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.List;
import org.opensearch.test.OpenSearchTestCase;

public class CombinationTests extends OpenSearchTestCase {

  private final List<Combination.Part> parts =
      List.of(
          new Combination.Part(List.of(new float[] {1, 2}, new float[] {3, 6}), 2, 2),
          new Combination.Part(List.of(), 5, 2),
          new Combination.Part(List.of(new float[] {-1, 1}), 1, 2));

  public void testAListCountsAsItsMeanAndWhatIsMissingHasNoWeight() {
    assertArrayEquals(new float[] {3, 9}, Combination.SUM.combine(parts), 0);
    assertArrayEquals(new float[] {1, 3}, Combination.MEAN.combine(parts), 0);
  }

  public void testConcatPutsZerosForWhatIsMissing() {
    assertArrayEquals(new float[] {4, 8, 0, 0, -1, 1}, Combination.CONCAT.combine(parts), 0);
  }
}

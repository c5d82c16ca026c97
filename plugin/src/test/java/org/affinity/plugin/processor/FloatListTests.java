/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.List;
import org.opensearch.test.OpenSearchTestCase;

public class FloatListTests extends OpenSearchTestCase {

  public void testSharesTheVectorUntilItIsChanged() {
    float[] vector = {1, 2, 3};
    FloatList one = new FloatList(vector);
    FloatList other = new FloatList(vector);
    assertEquals(List.of(1f, 2f, 3f), one);
    one.set(0, 9);
    one.add("x");
    one.remove(1);
    assertEquals(List.of(9, 3f, "x"), one);
    assertEquals(List.of(1f, 2f, 3f), other);
    assertArrayEquals(new float[] {1, 2, 3}, vector, 0);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import org.affinity.ann.pq.PqEncoding;
import org.apache.lucene.tests.util.LuceneTestCase;

public class IvfParametersTests extends LuceneTestCase {

  public void testMessagesNameTheValidRange() {
    assertRefused("nlist must be between 1 and 65536, or 0 (automatic), got -1", -1, 0);
    assertRefused("nlist must be between 1 and 65536, or 0 (automatic), got 65537", 65_537, 0);
    assertRefused("nprobes must be between 1 and 65536, or 0 (automatic), got -2", 0, -2);
    assertRefused("nprobes must be between 1 and nlist [8], got 9", 8, 9);
  }

  private static void assertRefused(String message, int nlist, int nprobes) {
    IllegalArgumentException e =
        expectThrows(
            IllegalArgumentException.class,
            () -> new IvfParameters(nlist, nprobes, PqEncoding.AUTO));
    assertEquals(message, e.getMessage());
  }

  public void testListsGrowWithVectors() {
    assertEquals(1, IvfParameters.DEFAULT.lists(4_096));
    assertEquals(1, IvfParameters.DEFAULT.lists(19_999));
    assertEquals(5208, IvfParameters.DEFAULT.lists(1_000_000));
    assertEquals(65_536, IvfParameters.DEFAULT.lists(Integer.MAX_VALUE));
  }

  public void testListsAskedForNeedVectors() {
    IvfParameters parameters = new IvfParameters(100, 0, PqEncoding.AUTO);
    assertEquals(1, parameters.lists(3));
    assertEquals(25, parameters.lists(100));
    assertEquals(100, parameters.lists(1_000_000));
  }
}

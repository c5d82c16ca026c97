/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.tests.util.LuceneTestCase;

public class SearchPlanTests extends LuceneTestCase {

  private static final SearchPlan.Work EXACT = new SearchPlan.Work(1, 0, 830, 0);
  private static final SearchPlan.Work LISTS = new SearchPlan.Work(2, 14, 5120, 220);

  private static SearchPlan plan(Map<String, SearchPlan.Work> methods, long eligible) {
    return new SearchPlan(new TreeMap<>(methods), eligible, false);
  }

  public void testReadsAsTheDocumentationSays() {
    assertEquals(
        "3 segments: exact 1 (830 vectors), ivf 2 (14 lists, 5,120 codes, 220 rescored);"
            + " filter passed 9,400 documents",
        plan(Map.of("ivf", LISTS, "exact", EXACT), 9400).toString());
    assertEquals("1 segment: exact 1 (830 vectors)", plan(Map.of("exact", EXACT), -1).toString());
    assertEquals("0 segments", plan(Map.of(), -1).toString());
  }

  public void testIsExactIfEverySegmentIs() {
    assertTrue(plan(Map.of("exact", EXACT), -1).exact());
    assertTrue(plan(Map.of(), -1).exact());
    assertFalse(plan(Map.of("ivf", LISTS, "exact", EXACT), -1).exact());
  }

  public void testSumsOverMethods() {
    SearchPlan plan = plan(Map.of("ivf", LISTS, "exact", EXACT), -1);
    assertEquals(14, plan.listsProbed());
    assertEquals(5950, plan.compared());
    assertEquals(220, plan.rescored());
    assertEquals(new SearchPlan.Work(3, 14, 5950, 220), LISTS.plus(EXACT));
  }
}

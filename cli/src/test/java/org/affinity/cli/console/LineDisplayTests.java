/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.console;

import static org.junit.Assert.assertEquals;

import org.affinity.ingest.LoadProgress;
import org.junit.Test;

public class LineDisplayTests {
  @Test
  public void testALineTellsShareRateAndTimeLeft() {
    assertEquals(
        "v.fvecs: 25%, 50,000 loaded, 3 rejected, 25,000/s, 6 s left",
        LineDisplay.line("v.fvecs", "loaded", new LoadProgress(50_000, 3, 250, 1000), 2));
    assertEquals(
        "v.fvecs: 0%, 0 loaded, 0/s",
        LineDisplay.line("v.fvecs", "loaded", new LoadProgress(0, 0, 0, 0), 1));
  }
}

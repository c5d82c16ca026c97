/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class StringTableTests {
  @Test
  public void testStringsAreFoundAfterTheTableGrew() {
    StringTable table = new StringTable(1 << 24);
    for (int i = 0; i < 20_000; i++) {
      assertTrue(table.put("key-" + i, "ä" + i));
    }
    for (int i = 0; i < 20_000; i++) {
      assertEquals("ä" + i, table.get("key-" + i));
    }
    assertEquals(null, table.get("key-20000"));
  }
}

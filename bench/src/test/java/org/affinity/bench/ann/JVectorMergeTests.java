/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What jvector makes of pieces is an index of the whole set, with rows where they were. */
public class JVectorMergeTests {

  private static final int SIZE = 3000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testEveryVectorOfEveryPieceIsFound() throws Exception {
    assertFound(new JVectorCandidate("jvector", false));
  }

  @Test
  public void testCodesAreMergedToo() throws Exception {
    assertFound(new JVectorCandidate("jvector-pq", true));
  }

  private void assertFound(JVectorCandidate candidate) throws Exception {
    try (WorkFolder work = new WorkFolder(folder.newFolder().toPath(), "")) {
      VectorSet set = new VectorSets(null, null, work).load("clustered-" + SIZE + "x16");
      Path index = folder.newFolder().toPath();
      candidate.buildPieces(set, List.of(SIZE / 3, SIZE / 2, SIZE), index);
      assertTrue(Files.notExists(index.resolve(JVectorCandidate.GRAPH)));
      candidate.merge(set, index);
      try (BuiltIndex built = candidate.open(set, index);
          BuiltIndex.Searcher searcher = built.searcher(Form.PLAIN)) {
        int own = 0;
        for (int row = 0; row < SIZE; row += 10) {
          int[] hits = new int[10];
          int found = searcher.search(set.base().get(row), 10, 100, null, hits);
          assertEquals(10, found);
          Set<Integer> rows = new HashSet<>();
          for (int hit : hits) {
            rows.add(hit);
          }
          own += rows.contains(row) ? 1 : 0;
        }
        assertTrue(own + " of " + SIZE / 10, own > 0.98 * SIZE / 10);
      }
    }
  }
}

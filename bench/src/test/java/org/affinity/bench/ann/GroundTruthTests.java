/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class GroundTruthTests {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testOnlyTheNearestAreRight() throws IOException {
    VectorSet set = set();
    GroundTruth truth = GroundTruth.of(set, null, null);
    int[] best = sorted(set, 3);
    float[] row = new float[set.dimension()];
    assertEquals(10, truth.right(set, 3, 10, best, 10, row));
    assertEquals(100, truth.right(set, 3, 100, best, 100, row));
    int[] shifted = IntStream.range(4, 14).map(i -> best[i]).toArray();
    assertEquals(6, truth.right(set, 3, 10, shifted, 10, row));
    assertEquals(
        "read back", 6, GroundTruth.of(set, null, null).right(set, 3, 10, shifted, 10, row));
  }

  @Test
  public void testUnderAFilterTheNearestOfThoseThatPassAreRight() throws IOException {
    VectorSet set = set();
    for (Filter filter : Filter.ALL) {
      var eligible = filter.eligible(set);
      assertEquals(
          filter.term(), Math.max(1, (int) (10 * filter.percent())), eligible.cardinality());
      GroundTruth truth = GroundTruth.of(set, filter, eligible);
      int[] best = IntStream.of(sorted(set, 0)).filter(eligible::get).toArray();
      int count = Math.min(10, best.length);
      float[] row = new float[set.dimension()];
      assertEquals(filter.term(), count, truth.right(set, 0, 10, best, count, row));
    }
  }

  @Test
  public void testGivenAnswersMustBeRight() throws IOException {
    VectorSet set = set();
    Path given = folder.getRoot().toPath().resolve("given.ivecs");
    int[] best = sorted(set, 0);
    write(given, best, 100);
    VectorSet with = given(set, given);
    GroundTruth.of(with, null, null);
    best[5] = best[900];
    write(given, best, 100);
    IOException e = assertThrows(IOException.class, () -> GroundTruth.of(with, null, null));
    assertTrue(e.getMessage(), e.getMessage().contains("row 0"));
  }

  @Test
  public void testFewerQueriesAreSpreadWhateverTheyAreDrawnFrom() throws IOException {
    VectorSet all = new GeneratedSet(1000, 8).load(folder.newFolder().toPath());
    VectorSet four = all.withQueries(500).withQueries(4);
    assertEquals(4, four.queries().size());
    for (int q = 0; q < 4; q++) {
      assertEquals(250L * q, four.queries().place(q));
      assertArrayEquals(all.queries().get(250 * q), four.queries().get(q), 0);
    }
    assertEquals(1000, all.withQueries(2000).queries().size());
  }

  @Test
  public void testDamagedVectorFilesAreNamed() throws IOException {
    Path file = folder.getRoot().toPath().resolve("v.fvecs");
    Path plain = folder.getRoot().toPath().resolve("v.f32");
    Files.write(file, new byte[0]);
    assertFails("is empty", file, plain);
    Files.write(file, ints(2, 0, 0, 3, 0, 0, 0));
    assertFails("rows of 2 and of 3", file, plain);
    Files.write(file, ints(2, 0));
    assertFails("ends in the middle", file, plain);
    Files.write(file, ints(-1, 0));
    assertFails("row 0: a row of -1 values", file, plain);
    Files.write(file, ints(2, 0, Float.floatToIntBits(1.5f)));
    assertArrayEquals(new float[] {0, 1.5f}, VectorFile.open(file, plain).get(0), 0);
  }

  @Test
  public void testALargerGeneratedSetBeginsWithTheSmaller() throws IOException {
    VectorSet small = new GeneratedSet(1000, 8).load(folder.newFolder().toPath());
    VectorSet large = new GeneratedSet(2000, 8).load(folder.newFolder().toPath());
    assertArrayEquals(small.base().get(999), large.base().get(999), 0);
    assertArrayEquals(small.queries().get(7), large.queries().get(7), 0);
  }

  private static void assertFails(String why, Path file, Path plain) {
    IOException e = assertThrows(IOException.class, () -> VectorFile.open(file, plain));
    assertTrue(e.getMessage(), e.getMessage().contains(why));
    assertTrue(e.getMessage(), e.getMessage().contains(file.toString()));
  }

  private VectorSet set() throws IOException {
    return new GeneratedSet(1000, 8).load(folder.newFolder().toPath()).withQueries(5);
  }

  private static VectorSet given(VectorSet set, Path given) {
    return new VectorSet(
        set.name(), set.space(), set.base(), set.queries(), set.codeBytes(), given, set.folder());
  }

  /** All rows, the best first. */
  private static int[] sorted(VectorSet set, int query) {
    float[] target = set.queries().get(query);
    return IntStream.range(0, set.base().size())
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -set.score(target, set.base().get(i))))
        .mapToInt(i -> i)
        .toArray();
  }

  private static void write(Path file, int[] rows, int count) throws IOException {
    int[] all = new int[count + 1];
    all[0] = count;
    System.arraycopy(rows, 0, all, 1, count);
    Files.write(file, ints(all));
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    List.of(IntStream.of(values).boxed().toArray(Integer[]::new)).forEach(bytes::putInt);
    return bytes.array();
  }
}

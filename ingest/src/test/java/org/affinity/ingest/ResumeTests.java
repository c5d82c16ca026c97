/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ResumeTests {
  private static final int ROWS = 1000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path vectors;
  private Path state;
  private Path rejects;

  @Before
  public void makeVectors() throws IOException {
    Path root = folder.getRoot().toPath();
    float[][] rows = new float[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = new float[] {i + 1, i % 100 == 50 ? Float.NaN : 0, 0, 0};
    }
    vectors = SampleFiles.fvecs(root.resolve("v.fvecs"), rows);
    state = root.resolve("state.json");
    rejects = root.resolve("rejects.jsonl");
  }

  private void load(String url) throws Exception {
    LoaderProcess.main(
        new String[] {url, vectors.toString(), state.toString(), rejects.toString()});
  }

  /** Every good row is there, every bad one is listed once, in order, and no state is left. */
  private void assertComplete(FakeServer server) throws IOException {
    assertEquals(ROWS - 10, server.documents.size());
    JsonMapper mapper = new JsonMapper();
    List<String> lines = Files.readAllLines(rejects);
    assertEquals(10, lines.size());
    for (int i = 0; i < 10; i++) {
      assertEquals(51 + 100 * i, mapper.readTree(lines.get(i)).path("row").asInt());
      assertEquals("vector[1] is NaN", mapper.readTree(lines.get(i)).path("reason").asText());
    }
    assertFalse(Files.exists(state));
  }

  @Test
  public void testKilledAtAnyMomentTheLoadResumesWithoutGapsOrDuplicates() throws Exception {
    AtomicReference<Process> child = new AtomicReference<>();
    AtomicInteger killAt = new AtomicInteger(40);
    FakeServer.Mood killer =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            Process process = child.get();
            if (process != null && number == killAt.get()) {
              process.destroyForcibly();
            }
            return 200;
          }
        };
    try (FakeServer server = new FakeServer(killer)) {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      Process process =
          new ProcessBuilder(
                  java.toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  LoaderProcess.class.getName(),
                  server.url(),
                  vectors.toString(),
                  state.toString(),
                  rejects.toString())
              .inheritIO()
              .start();
      child.set(process);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertTrue("killed, not finished: " + process.exitValue(), process.exitValue() != 0);
      Checkpoint reached = Checkpoint.read(state);
      assertTrue("reached " + reached.rows(), reached.rows() >= 300 && reached.rows() < ROWS);
      for (long row = 1; row <= reached.rows(); row++) {
        boolean bad = row % 100 == 51;
        assertEquals("row " + row, !bad, server.documents.containsKey(Long.toString(row)));
      }

      int before = server.requests.get();
      load(server.url());
      assertComplete(server);
      long sent = (server.requests.get() - before) * 10L;
      assertTrue("sent again: " + sent, sent <= ROWS - reached.rows() + 10);
    }
  }

  @Test
  public void testAServerThatDiesMidwayLeavesAStateToResumeFrom() throws Exception {
    AtomicInteger alive = new AtomicInteger(30);
    FakeServer.Mood mortal =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            return number <= alive.get() ? 200 : 0;
          }
        };
    try (FakeServer server = new FakeServer(mortal)) {
      assertThrows(LoadException.class, () -> load(server.url()));
      long reached = Checkpoint.read(state).rows();
      assertTrue("reached " + reached, reached >= 270 && reached <= 300);
      alive.set(Integer.MAX_VALUE);
      load(server.url());
      assertComplete(server);
    }
  }

  @Test
  public void testRejectsWrittenAfterTheLastStateAreNotListedTwice() throws Exception {
    AtomicInteger alive = new AtomicInteger(30);
    FakeServer.Mood mortal =
        new FakeServer.Mood() {
          @Override
          public int request(int number, int documents) {
            return number <= alive.get() ? 200 : 503;
          }
        };
    try (FakeServer server = new FakeServer(mortal)) {
      assertThrows(LoadException.class, () -> load(server.url()));
      Files.writeString(
          rejects, Files.readString(rejects) + "{\"row\":351,\"id\":\"351\",\"reason\":\"half");
      alive.set(Integer.MAX_VALUE);
      load(server.url());
      assertComplete(server);
    }
  }

  /** Rejects a row, and leaves the load as if it were killed. */
  private LedgerFiles killed(BulkTarget target) throws IOException {
    LedgerFiles files = new LedgerFiles(state, rejects);
    try (FileLedger ledger = FileLedger.start(files, List.of(vectors), target)) {
      ledger.settle(51, Tally.NONE, List.of(new Row.Rejected(51, "51", "vector[1] is NaN")));
    }
    return files;
  }

  @Test
  public void testALoadWhoseRejectsFileIsGoneOrCutIsNotResumed() throws Exception {
    BulkTarget target = new BulkTarget("books", "taste", 4, "uuid-1");
    LedgerFiles files = killed(target);
    String content = Files.readString(rejects);
    Files.writeString(rejects, content.substring(5));
    assertRefused(files, vectors, target, "rejects.jsonl has " + (content.length() - 5));
    assertEquals(content.substring(5), Files.readString(rejects));
    Files.delete(rejects);
    assertRefused(files, vectors, target, "rejects.jsonl is missing");
    assertFalse(Files.exists(rejects));
    Files.writeString(rejects, content);
    FileLedger.resume(files, List.of(vectors), target).close();
  }

  @Test
  public void testADryRunLeavesTheRejectsOfALoadThatCanBeResumed() throws Exception {
    LedgerFiles files = killed(new BulkTarget("books", "taste", 4, "uuid-1"));
    String content = Files.readString(rejects);
    IOException e = assertThrows(LoadException.class, () -> DryRunLedger.start(files));
    assertTrue(e.getMessage(), e.getMessage().contains("give a dry run another --rejects"));
    assertEquals(content, Files.readString(rejects));
    Files.delete(state);
    DryRunLedger.start(files).close();
    assertFalse(Files.exists(rejects));
  }

  @Test
  public void testAnotherFileIndexOrFieldIsNotResumed() throws Exception {
    LedgerFiles files = new LedgerFiles(state, rejects);
    BulkTarget target = new BulkTarget("books", "taste", 4, "uuid-1");
    FileLedger.start(files, List.of(vectors), target).close();
    assertRefused(files, vectors, new BulkTarget("books", "mood", 4, "uuid-1"), "'taste'");
    assertRefused(files, vectors, new BulkTarget("films", "taste", 4, "uuid-1"), "'books'");
    assertRefused(files, vectors, new BulkTarget("books", "taste", 4, "uuid-2"), "made again");
    Files.write(vectors, SampleFiles.fvecsRow(1, 2, 3, 4));
    assertRefused(files, vectors, target, "another file");
    Files.writeString(state, "{\"rows\":");
    assertRefused(files, vectors, target, "is no state file");
  }

  @Test
  public void testOtherOptionsAreNotResumed() throws Exception {
    LedgerFiles files = new LedgerFiles(state, rejects);
    BulkTarget target = new BulkTarget("books", "taste", 4, "uuid-1");
    Map<String, String> then = Map.of("--normalize", "l2", "--model", "a");
    FileLedger.start(files, List.of(vectors), target, then).close();
    FileLedger.resume(files, List.of(vectors), target, then).close();
    Map<String, String> now = Map.of("--model", "b", "--as-update", "true");
    IOException e =
        assertThrows(
            LoadException.class, () -> FileLedger.resume(files, List.of(vectors), target, now));
    assertTrue(
        e.getMessage(),
        e.getMessage()
            .contains(
                "a load with other options: --as-update was not given and is true, --model was a"
                    + " and is b, --normalize was l2 and is not given; load without --resume"));
  }

  private static void assertRefused(
      LedgerFiles files, Path vectors, BulkTarget target, String expected) {
    IOException e =
        assertThrows(LoadException.class, () -> FileLedger.resume(files, List.of(vectors), target));
    assertTrue(e.getMessage(), e.getMessage().contains(expected));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.affinity.quantization.simd.Kernels;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** The report in a tiny form, so that it does not rot. Says nothing of speed. */
public class JmhCommandTests {

  /** What a benchmark's name adds to that of its kernel. */
  private static final String VARIANT = "(Mapped|Heap|OfMany|OfOne)$";

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testEveryKernelIsHeldAgainstALimit() throws Exception {
    Path out = folder.getRoot().toPath().resolve("new/tiny.json");
    StringWriter printed = new StringWriter();
    assertEquals(printed.toString(), 0, run(printed, "--quick", "--out", out.toString()));

    JsonNode result = new ObjectMapper().readTree(out.toFile());
    for (Level level : Level.values()) {
      assertTrue(result.at("/limits/gigabytesPerSecond/" + level).asDouble() > 0);
    }
    assertTrue(result.at("/limits/gigaflops").asDouble() > 0);
    Set<String> measured = new TreeSet<>();
    for (JsonNode row : result.get("rows")) {
      String name = row.get("benchmark").asText();
      measured.add(name.substring(name.indexOf('.') + 1).replaceFirst(VARIANT, ""));
      assertTrue(row.toString(), row.get("nanos").asDouble() > 0);
      if (!name.startsWith("DistanceTable")) {
        assertTrue(row.toString(), row.get("share").asDouble() > 0);
        assertTrue(row.toString(), row.has("limit"));
      }
    }
    for (Method kernel : Kernels.class.getMethods()) {
      String name = kernel.getName();
      assertTrue(name + " is not in " + measured, name.equals("name") || measured.contains(name));
    }
    String markdown = Files.readString(out.resolveSibling("tiny.md"));
    assertTrue(markdown, markdown.contains("| Scan.scanMapped | 8x16, RAM | "));
    assertTrue(printed.toString(), printed.toString().endsWith(markdown));
  }

  @Test
  public void testWhatCannotBeIsRefused() {
    assertRefused("--iterations must be", "--iterations", "0");
    assertRefused("--millis must be", "--millis", "0");
    assertRefused("--forks must be", "--forks", "-1");
    assertRefused("--out must end in .json", "--out", "x.txt");
    assertRefused("--only: Unclosed group", "--only", "(");
  }

  @Test
  public void testNothingIsMeasuredIfNothingMatches() {
    StringWriter printed = new StringWriter();
    assertNotEquals(0, run(printed, "--quick", "--only", "nowhere"));
    assertTrue(printed.toString(), printed.toString().startsWith("no benchmark matches --only"));
  }

  private static int run(StringWriter printed, String... arguments) {
    return new CommandLine(new JmhCommand())
        .setOut(new PrintWriter(printed))
        .setErr(new PrintWriter(printed))
        .execute(arguments);
  }

  private static void assertRefused(String why, String... arguments) {
    StringWriter printed = new StringWriter();
    assertNotEquals(0, run(printed, arguments));
    assertTrue(printed.toString(), printed.toString().contains(why));
    assertTrue(printed.toString(), !printed.toString().contains("\tat "));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** The report in a tiny form, so that it does not rot. Says nothing of speed. */
public class AnnReportTests {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testTinyReport() throws Exception {
    Path out = folder.getRoot().toPath().resolve("report.json");
    StringWriter printed = new StringWriter();
    int exit =
        new CommandLine(new AnnReport())
            .setOut(new PrintWriter(printed))
            .execute("--size", "5000", "--rounds", "1", "--out", out.toString());
    assertEquals(0, exit);
    JsonNode lines = new ObjectMapper().readTree(out.toFile()).get("lines");
    assertEquals("four ef_search each", 4L * Candidate.all().size(), lines.size());
    for (JsonNode line : lines) {
      String name = line.get("candidate").asText();
      assertTrue(line.toString(), line.get("recall").asDouble() > 0.5);
      if (name.startsWith("exact")) {
        assertEquals(line.toString(), 1, line.get("recall").asDouble(), 0);
      }
      if (name.contains("ivf")) {
        assertTrue(line.toString(), line.at("/bytesPerVector/ivl").asDouble() >= 16);
      } else if (name.endsWith("pq")) {
        assertEquals(line.toString(), 16, line.at("/bytesPerVector/pqc").asDouble(), 1);
      }
    }
    assertTrue(printed.toString().contains("| generated-5000x64 | Affinity hnsw, pq | 100 |"));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** What of the report needs no server. */
public class BlendReportTests {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testGeneratedDocumentsAreTheSameEveryTimeAndFollowZipf() {
    Catalogue catalogue = new GeneratedCatalogue(2000, 16);
    Catalogue again = new GeneratedCatalogue(2000, 16);
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < catalogue.size(); i++) {
      Catalogue.Item item = catalogue.item(i);
      assertEquals(item.body(), again.item(i).body());
      assertArrayEquals(item.vector(), again.item(i).vector(), 0);
      for (String word : item.body().split(" ")) {
        counts.merge(word, 1, Integer::sum);
      }
    }
    double ratio = counts.get("w0") / (double) counts.get("w9");
    assertTrue("the first word over the tenth: " + ratio, ratio > 8 && ratio < 12);
    assertEquals(List.of(100, 400, 600), catalogue.targets());
  }

  @Test
  public void testBarsAreRatiosOfOneRun() throws Exception {
    List<BlendResult.Series> series = new ArrayList<>();
    double[] millis = {1, 1.2, 2.7, 1.1, 5, 3};
    for (Contestant contestant : Contestant.values()) {
      double median = 1000 * millis[contestant.ordinal()];
      series.add(
          new BlendResult.Series("books", 1000, 100, 97, contestant, 10, median, 3 * median, null));
    }
    BlendResult result = new BlendResult(Map.of("note", "a test"), series);
    Path json = folder.getRoot().toPath().resolve("out.json");
    BlendReport.write(result, json);
    assertEquals(6, new ObjectMapper().readTree(json.toFile()).get("series").size());
    String text = Files.readString(json.resolveSibling("out.md"));
    assertTrue(
        text, text.contains("| books | blend over plain, 100 matches: ≤ 1.25 | 1.20 | met |"));
    assertTrue(
        text, text.contains("| books | script_score over blend, 100 matches: ≥ 3 | 4.17 | met |"));
    assertTrue(
        text,
        text.contains("| books | two searches over blend, 100 matches: ≥ 3 | 2.50 | **missed** |"));
    assertTrue(
        text,
        text.contains(
            "| books | a document's vector adds, in ms, 100 matches: ≤ 2 | 1.50 | met |"));
  }

  @Test
  public void testWhatCannotBeIsRefused() throws Exception {
    assertRefused("--docs must be 0", "--docs", "-1");
    assertRefused("nothing to search", "--docs", "0");
    assertRefused("there is no folder", "--data", folder.getRoot().toString());
    assertRefused("--rounds must be at least 1", "--rounds", "0");
    assertRefused("--out must end in .json", "--out", "x.txt");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertRefused("http://127.0.0.1:" + port, "--url", "http://127.0.0.1:" + port);
  }

  private static void assertRefused(String why, String... arguments) {
    StringWriter printed = new StringWriter();
    int code =
        new CommandLine(new BlendCommand())
            .setOut(new PrintWriter(printed))
            .setErr(new PrintWriter(printed))
            .execute(arguments);
    assertNotEquals(0, code);
    assertTrue(printed.toString(), printed.toString().contains(why));
    assertTrue(printed.toString(), !printed.toString().contains("\tat "));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** The quantizer's reports in a tiny form, so that they do not rot. Says nothing of speed. */
public class QuantizationReportTests {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void testRecallOfCodesAndRescored() throws Exception {
    JsonNode line = run(new QuantizationReport(), "--size", "3000").get("lines").get(0);
    assertEquals(16, line.get("codeBytes").asInt());
    double alone = line.get("recallOfCodes").asDouble();
    double rescored = line.get("recallRescored").asDouble();
    assertTrue(line.toString(), alone > 0.3 && alone < 1);
    assertTrue(line.toString(), rescored > 0.9 && rescored <= 1);
    assertTrue("estimators were tried", line.get("trials").size() > 1);
  }

  @Test
  public void testAFixedEstimatorIsNotTried() throws Exception {
    JsonNode line =
        run(new QuantizationReport(), "--size", "3000", "--estimator", "plain").get("lines").get(0);
    assertEquals("plain", line.get("estimator").asText());
    assertEquals(0, line.get("trials").size());
  }

  @Test
  public void testTrainerReport() throws Exception {
    Path file = fvecs(600, 8);
    JsonNode lines =
        run(new TrainerReport(), file.toString(), "-m", "4", "--rounds", "2").get("lines");
    assertEquals(2, lines.size());
    assertEquals(600, lines.get(0).get("vectors").asInt());
    double error = lines.get(0).get("meanSquaredError").asDouble();
    assertTrue("of 8 coordinates of variance 1 little is lost", error > 0 && error < 4);
    assertEquals("same seed", error, lines.get(1).get("meanSquaredError").asDouble(), 0);
  }

  @Test
  public void testReaderReport() throws Exception {
    Path file = fvecs(600, 8);
    JsonNode line = run(new ReaderReport(), file.toString(), "--rounds", "1").get("lines").get(0);
    assertEquals(file.getFileName().toString(), line.get("file").asText());
    assertEquals(600, line.get("vectors").asInt());
    assertEquals(0, line.get("rejected").asInt());
    assertEquals(8, line.get("dimension").asInt());
    assertTrue(line.toString(), line.get("timesBytes").asDouble() > 0);
  }

  @Test
  public void testKernelReport() throws Exception {
    JsonNode report = run(new KernelReport(), "--quick");
    assertTrue(report.toString(), report.get("results").size() > 10);
  }

  @Test
  public void testJmhKernelsRun() {
    DistanceTableBenchmark kernels = new DistanceTableBenchmark();
    kernels.dimension = 64;
    kernels.train();
    assertTrue(Float.isFinite(kernels.scoreCode()));
    assertEquals(16, kernels.encode().length);
    assertTrue(kernels.bindQuery() != null);
  }

  private JsonNode run(Object command, String... arguments) throws IOException {
    Path out = folder.getRoot().toPath().resolve("report.json");
    StringWriter printed = new StringWriter();
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--out";
    all[arguments.length + 1] = out.toString();
    int exit = new CommandLine(command).setOut(new PrintWriter(printed)).execute(all);
    assertEquals(0, exit);
    return new ObjectMapper().readTree(out.toFile());
  }

  private Path fvecs(int count, int dimension) throws IOException {
    Random random = new Random(5);
    ByteBuffer bytes =
        ByteBuffer.allocate(count * 4 * (1 + dimension)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putInt(dimension);
      for (int d = 0; d < dimension; d++) {
        bytes.putFloat((float) random.nextGaussian());
      }
    }
    return Files.write(folder.getRoot().toPath().resolve("vectors.fvecs"), bytes.array());
  }
}

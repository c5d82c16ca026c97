/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What is chosen, here and in child JVMs started with other flags. */
public class KernelSelectionTests extends RandomizedTest {

  private static final String VECTOR = "--add-modules=jdk.incubator.vector";

  @Test
  public void testForced() {
    for (Kernels kernels : KernelSelection.usable()) {
      KernelSelection selection = KernelSelection.select(kernels.name());
      assertEquals(kernels.name(), selection.kernels().name());
      assertEquals(kernels.name() + ": forced by affinity.kernels", selection.text());
      assertEquals(selection.text(), selection.compete(1));
    }
  }

  @Test
  public void testUnknownNameIsIgnoredAndTold() {
    KernelSelection selection = KernelSelection.select("fpga");
    assertTrue(selection.text(), selection.text().contains("[fpga] cannot be had"));
  }

  @Test
  public void testCalibrationKeepsResults() {
    KernelSelection selection = KernelSelection.select("auto");
    Kernels kernels = selection.kernels();
    selection.compete(200_000_000);
    assertEquals(selection.text(), selection.compete(200_000_000));
    for (KernelTrial trial :
        List.of(
            KernelTrial.scan(4), KernelTrial.scan(6), KernelTrial.scan(8), KernelTrial.nearest())) {
      assertTrue(trial.agrees(kernels, new ScalarKernels()));
    }
  }

  @Test
  public void testWithoutTheModule() throws Exception {
    String output = child(KernelSelectionProbe.class);
    assertTrue(output, output.startsWith("scalar: no module jdk.incubator.vector"));
    assertTrue(output, output.contains("right"));
  }

  @Test
  public void testNarrowRegisters() throws Exception {
    String output = child(KernelSelectionProbe.class, VECTOR, "-XX:UseAVX=2");
    assertTrue(output, output.contains("right"));
    assertTrue(output, !output.startsWith("vector512"));
  }

  @Test
  public void testForcedScalar() throws Exception {
    String output = child(KernelSelectionProbe.class, VECTOR, "-Daffinity.kernels=scalar");
    assertTrue(output, output.startsWith("scalar: forced by affinity.kernels"));
    assertTrue(output, output.contains("right"));
  }

  @Test
  public void testAllocatesNothingAfterPollution() throws Exception {
    String output = child(KernelPollutionProbe.class, VECTOR);
    assertTrue(output, output.contains("right"));
    for (String line : output.lines().toList()) {
      assertTrue(output, !line.contains("bytes a call") || line.contains(" 0 bytes a call"));
    }
  }

  /** Runs the main method of a class in a JVM of its own. */
  private static String child(Class<?> main, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-XX:-UsePerfData", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(output, 0, process.waitFor());
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.affinity.quantization.simd.KernelSelection;
import org.apache.lucene.util.Version;

/** Where and on what a run was made. */
final class Machine {

  private Machine() {}

  static Map<String, Object> describe(int rounds, int queries, long seed, String tag)
      throws IOException {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("commit", commit());
    run.put("processor", processor());
    run.put("processors", Runtime.getRuntime().availableProcessors());
    run.put("java", Runtime.version().toString());
    run.put("maximumHeapMb", Runtime.getRuntime().maxMemory() >> 20);
    run.put("kernels", KernelSelection.best().name());
    run.put("lucene", Version.LATEST.toString());
    run.put("rounds", rounds);
    run.put("queries", queries);
    run.put("seedOfOrder", seed);
    run.put("seedOfSetsAndFilters", GeneratedSet.SEED);
    run.put("tag", tag);
    return run;
  }

  /** The commit of the checkout this runs in, with a mark if files differ from it. */
  private static String commit() throws IOException {
    Process git =
        new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
            .redirectErrorStream(true)
            .start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      return git.waitFor() == 0 ? said : "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }

  private static String processor() throws IOException {
    Path information = Path.of("/proc/cpuinfo");
    if (Files.isReadable(information)) {
      for (String line : Files.readAllLines(information)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch");
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Of what checkout, and on what machine, a run was made. */
public final class Place {

  private Place() {}

  /** Of this process, by name; to be added to. */
  public static Map<String, Object> describe() throws IOException {
    return describe("processors");
  }

  /** The same of a report whose servers may see another number of processors than it does. */
  public static Map<String, Object> describeClient() throws IOException {
    return describe("processorsOfTheClient");
  }

  private static Map<String, Object> describe(String processors) throws IOException {
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("commit", commit());
    run.put("processor", processor());
    run.put(processors, Runtime.getRuntime().availableProcessors());
    run.put("java", Runtime.version().toString());
    return run;
  }

  /** As a list in Markdown; of several runs, one in a line. */
  public static String list(Map<String, Object> run) {
    StringBuilder text = new StringBuilder();
    run.forEach((name, value) -> text.append("- " + name + ": " + words(value) + "\n"));
    return text.toString();
  }

  private static String words(Object value) {
    return value instanceof Map<?, ?> run
        ? run.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "))
        : String.valueOf(value);
  }

  /** The commit of the checkout this runs in, with a mark if files differ from it. */
  public static String commit() throws IOException {
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

  /** The processor's name. */
  public static String processor() throws IOException {
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

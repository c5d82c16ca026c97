/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged command line, {@code affinity-cli.jar}, in a process of its own. */
final class CommandLine {

  /** How a run ended: its exit code, and what it said on both streams. */
  record Outcome(int code, String output) {}

  /** Starts it in a folder; what it says goes to a file. */
  Process start(Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-Daffinity.terminal=false", "-jar"));
    command.add(System.getProperty("affinity.cli"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
  }

  Outcome run(Path folder, List<String> arguments) throws Exception {
    int code = start(folder, arguments).waitFor();
    return new Outcome(code, Files.readString(folder.resolve("said")));
  }

  /** What it said, if it ended as it should. */
  String expect(int code, Outcome outcome) {
    assertEquals(outcome.output(), code, outcome.code());
    return outcome.output();
  }
}

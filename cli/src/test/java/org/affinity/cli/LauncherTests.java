/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The script {@code affinity}, run from a checkout that holds nothing else of this one. */
public class LauncherTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path checkout;
  private Path home;
  private Path temp;
  private Path output;

  @Before
  public void copyScript() throws IOException {
    assumeTrue("there is bash", Files.isExecutable(Path.of("/bin/bash")));
    Path root = folder.getRoot().toPath().toRealPath();
    permit(root, "rwxr-xr-x");
    checkout = Files.createDirectory(root.resolve("checkout"));
    home = Files.createDirectory(root.resolve("home"));
    temp = Files.createDirectory(root.resolve("temp"));
    output = root.resolve("output");
    permit(home, "rwxr-xr-x");
    permit(temp, "rwxr-xr-x");
    Files.copy(Path.of("..", "affinity"), checkout.resolve("affinity"));
    Files.writeString(
        checkout.resolve("pom.xml"), "<opensearch.version>0.0.0</opensearch.version>");
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private int run(Map<String, String> environment, String command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", checkout.resolve("affinity").toString(), command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("AFFINITY_HOME", home.toString());
    builder.environment().put("TMPDIR", temp.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertTrue("it ends", process.waitFor(30, TimeUnit.SECONDS));
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private String output() throws IOException {
    return Files.readString(output);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void assumeRoot() {
    assumeTrue("the tests run as root", System.getProperty("user.name").equals("root"));
  }

  /** The folder that is used instead of a home that the server's user may not enter. */
  private Path elsewhere() throws Exception {
    assumeRoot();
    permit(home, "rwx------");
    assertEquals(0, run(Map.of(), "status"));
    assertEquals(1, list(temp).size());
    return list(temp).getFirst();
  }

  private void assertRefused(String reason) throws Exception {
    assertEquals(1, run(Map.of(), "status"));
    assertTrue(output(), output().contains(reason));
    assertTrue(output(), output().contains("set AFFINITY_HOME"));
  }

  @Test
  public void testTheFolderInTheTemporaryOneIsOurs() throws Exception {
    Path elsewhere = elsewhere();
    assertEquals(
        "rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)));
    assertEquals(0, run(Map.of(), "status"));
  }

  @Test
  public void testAPlantedLinkIsRefused() throws Exception {
    Path elsewhere = elsewhere();
    Files.delete(elsewhere);
    Path precious = Files.createDirectory(checkout.resolve("precious"));
    Files.createSymbolicLink(elsewhere, precious);
    assertRefused("symbolic link");
    Files.delete(precious);
    assertRefused("symbolic link");
    assertFalse(Files.exists(precious));
  }

  @Test
  public void testAFolderOfOthersIsRefused() throws Exception {
    Path elsewhere = elsewhere();
    permit(elsewhere, "rwxr-xrwx");
    assertRefused("others may write in");
    permit(elsewhere, "rwxrwxr-x");
    assertRefused("others may write in");
    permit(elsewhere, "rwxr-xr-x");
    Files.setOwner(
        elsewhere,
        elsewhere.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertRefused("not a folder of yours");
  }

  @Test
  public void testATemporaryFolderWhereOthersReplaceFilesIsRefused() throws Exception {
    elsewhere();
    permit(temp, "rwxrwxrwx");
    assertRefused("others may replace what is in");
  }

  @Test
  public void testWhatWasHalfUnpackedIsRemoved() throws Exception {
    Path tools = Files.createDirectory(checkout.resolve("tools"));
    Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/bash\ntouch half\nexit 1\n");
    permit(maven, "rwxr-xr-x");
    Files.createDirectories(checkout.resolve("cli/target"));
    Files.createFile(checkout.resolve("cli/target/affinity-cli.jar"));
    Map<String, String> environment =
        Map.of(
            "PATH",
            tools + ":" + System.getenv("PATH"),
            "AFFINITY_JAVA_HOME",
            System.getProperty("java.home"),
            "AFFINITY_SKIP_BUILD",
            "1",
            "AFFINITY_PLUGIN_ZIP",
            Files.createFile(checkout.resolve("plugin.zip")).toString());
    assertEquals(1, run(environment, "start"));
    assertTrue(output(), output().contains("unpacking OpenSearch 0.0.0 failed"));
    assertEquals(List.of(), list(home));
  }

  @Test
  public void testAServerThatStopsWithinItsAnswerIsNotWaitedFor() throws Exception {
    Path server = Files.createDirectory(home.resolve("server"));
    Process running =
        new ProcessBuilder("/bin/bash", "-c", "read; : path.data=" + server + "/data").start();
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(server.resolve("pid"), running.pid() + "\n");
      Files.writeString(server.resolve("port"), socket.getLocalPort() + "\n");
      Thread half = Thread.ofPlatform().daemon().start(() -> answerHalf(socket));
      assertEquals(0, run(Map.of(), "status"));
      assertTrue(output(), output().contains("it does not answer"));
      assertTrue(output(), output().contains("demo: not running"));
      half.interrupt();
    } finally {
      running.destroyForcibly();
    }
  }

  /** Leaves the connection open, with a line begun and not ended. */
  private static void answerHalf(ServerSocket socket) {
    try (Socket connection = socket.accept()) {
      connection
          .getOutputStream()
          .write("HTTP/1.0 200 OK\r\n\r\n{\n \"na".getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(60_000);
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The official distribution in a folder of its own, with its installer, its start script and its
 * HTTP port. Runs as another user when the tests run as root, which OpenSearch refuses. Ends only
 * the process it started.
 */
final class Server implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOBODY = "65534";
  private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

  /** What came back: the status and the parsed body. */
  record Reply(int status, JsonNode body) {
    @Override
    public String toString() {
      return status + " " + body;
    }
  }

  private final Path home;
  private final HttpClient http = HttpClient.newHttpClient();
  private final boolean root = "root".equals(System.getProperty("user.name"));
  private Process process;
  private int port;

  private Server(Path home) {
    this.home = home;
  }

  /** Copies the unpacked distribution to a temporary folder. */
  static Server create() throws Exception {
    Path distribution = Path.of(System.getProperty("affinity.distribution"));
    Path home = Files.createTempDirectory("affinity-it-").resolve("opensearch");
    Server server = new Server(home);
    server.run(List.of("cp", "-r", distribution.toString(), home.toString()));
    server.run(List.of("chmod", "-R", "u+x", home.resolve("bin").toString()));
    return server;
  }

  Server install() throws Exception {
    String zip = Path.of(System.getProperty("affinity.plugin")).toUri().toString();
    run(List.of(home.resolve("bin/opensearch-plugin").toString(), "install", "--batch", zip));
    return this;
  }

  String plugin(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/opensearch-plugin").toString());
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Starts it; again on the same port, where it had one. */
  Server start() throws Exception {
    port = port == 0 ? freePort() : port;
    List<String> command = new ArrayList<>();
    if (root) {
      run(List.of("chown", "-R", NOBODY + ":" + NOBODY, home.getParent().toString()));
      command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    }
    command.add(home.resolve("bin/opensearch").toString());
    for (String setting :
        List.of(
            "discovery.type=single-node",
            "network.host=127.0.0.1",
            "http.port=" + port,
            "transport.port=" + freePort())) {
      command.addAll(List.of("-E", setting));
    }
    ProcessBuilder builder = process(command);
    builder.environment().put("OPENSEARCH_JAVA_OPTS", "-Xms1g -Xmx1g");
    builder.redirectOutput(home.resolve("console.log").toFile());
    process = builder.start();
    awaitHttp();
    return this;
  }

  private void awaitHttp() throws Exception {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      try {
        if (get("/_cluster/health?wait_for_status=yellow&timeout=30s").status() == 200) {
          return;
        }
      } catch (IOException e) {
        Thread.sleep(250);
      }
    }
    throw new AssertionError("the server did not start:\n" + log());
  }

  String log() throws IOException {
    return Files.readString(home.resolve("console.log"));
  }

  void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      process = null;
    }
  }

  /** Ends the server at once, as a crash of its process does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    process = null;
  }

  /** Where it answers. */
  String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
      run(List.of("rm", "-r", home.getParent().toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server stopped", e);
    }
  }

  /** The index files below the data folder whose names end so, and their sizes together. */
  long bytesOf(String extension) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      return files
          .filter(file -> file.toString().endsWith("." + extension))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  Reply get(String path) throws Exception {
    return request("GET", path, null);
  }

  Reply put(String path, String body) throws Exception {
    return request("PUT", path, body);
  }

  Reply post(String path, String body) throws Exception {
    return request("POST", path, body);
  }

  Reply search(String index, String body) throws Exception {
    return post("/" + index + "/_search", body);
  }

  Reply request(String method, String path, String body) throws Exception {
    boolean lines = body != null && body.endsWith("\n");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofMinutes(2))
            .header("Content-Type", lines ? "application/x-ndjson" : "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Reply(response.statusCode(), JSON.readTree(response.body()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OPENSEARCH_JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Process run = process(command).start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
    }
    return output;
  }
}

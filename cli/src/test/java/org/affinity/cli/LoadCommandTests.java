/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.format.NamesGiven;
import org.affinity.parquet.ParquetEmbeddingWriter;
import org.affinity.parquet.model.ModelFormats;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** The command against a server that takes everything but the id "bad". */
public class LoadCommandTests {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private int bulkStatus = 200;

  @Before
  public void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  @After
  public void stopServer() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String reply;
    int status = 200;
    if (path.startsWith("/books/_mapping")) {
      reply =
          "{\"books\":{\"mappings\":{\"taste\":{\"mapping\":{\"taste\":"
              + "{\"type\":\"embedding\",\"dimension\":2}}}}}}";
    } else if (path.startsWith("/books/_settings")) {
      reply = "{}";
    } else {
      status = body.contains("\"stop\"") ? 500 : bulkStatus;
      reply =
          body.lines()
              .filter(line -> line.startsWith("{\"index\""))
              .map(line -> item(line.replaceFirst(".*\"_id\":\"([^\"]*)\".*", "$1")))
              .collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }
    byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String item(String id) {
    String about = "{\"index\":{\"_id\":\"" + id + "\",";
    return id.equals("bad")
        ? about
            + "\"status\":400,\"error\":{\"type\":\"mapper_parsing_exception\","
            + "\"reason\":\"failed\",\"caused_by\":{\"type\":\"x\",\"reason\":\"it is bad\"}}}}"
        : about + "\"status\":201,\"result\":\"created\"}}";
  }

  private int run(String... more) {
    CommandLine commandLine = Affinity.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(more);
  }

  private int load(String content, String... more) throws IOException {
    Path file = Files.writeString(folder.getRoot().toPath().resolve("v.jsonl"), content);
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "load",
                file.toString(),
                "--index=books",
                "--field=taste",
                "--url=http://127.0.0.1:" + server.getAddress().getPort(),
                "--state=" + state(),
                "--rejects=" + rejects()));
    for (String each : more) { // in place of the same option above
      arguments.removeIf(old -> old.startsWith(each.replaceFirst("=.*", "=")));
      arguments.add(each);
    }
    return run(arguments.toArray(String[]::new));
  }

  private Path state() {
    return folder.getRoot().toPath().resolve("state.json");
  }

  private Path rejects() {
    return folder.getRoot().toPath().resolve("rejects.jsonl");
  }

  @Test
  public void testAllWellIsZeroAndLeavesNoFiles() throws IOException {
    assertEquals(0, load("{\"id\":1,\"taste\":[1,2]}\n{\"id\":2,\"taste\":[1,2]}\n"));
    assertTrue(out.toString(), out.toString().contains("loaded    2 documents: 2 new"));
    assertTrue(out.toString(), out.toString().contains("rejected  none"));
    assertFalse(Files.exists(state()));
    assertFalse(Files.exists(rejects()));
  }

  @Test
  public void testTablesAreReadAsTheOptionsSay() throws IOException {
    assertEquals(0, load("a;1;2\nb;3;4\n", "--no-column-names", "--vector-columns=2..3"));
    assertTrue(out.toString(), out.toString().contains("loaded    2 documents: 2 new"));
    assertEquals(0, load("x|y|key\n1|2|a\n", "--column-names", "--id-field=key", "--delimiter=|"));
    assertEquals(0, load("taste,id\n1 2,a\n", "--vector-field=taste"));
    assertEquals(1, load("taste,id\n1 2,a\n", "--vector-field=other"));
    assertTrue(err.toString(), err.toString().contains("has no column 'other' for the vector"));
  }

  @Test
  public void testWordVectorsNeedNoOptions() throws IOException {
    assertEquals(2, load("3 2\nking 1 2\nqueen 3 4\nbad 5 6\n"));
    assertTrue(out.toString(), out.toString().contains("loaded    2 documents: 2 new"));
  }

  @Test
  public void testRejectedRowsAreTwoAndListedWithBothKindsOfReason() throws IOException {
    int code =
        load(
            "{\"id\":1,\"taste\":[1,2]}\n{\"id\":2,\"taste\":[1]}\n{\"id\":\"bad\",\"taste\":[1,2]}\n");
    assertEquals(2, code);
    assertEquals(
        List.of(
            "{\"row\":2,\"id\":\"2\",\"reason\":\"dimension 1 instead of 2\"}",
            "{\"row\":3,\"id\":\"bad\","
                + "\"reason\":\"mapper_parsing_exception: failed: it is bad\"}"),
        Files.readAllLines(rejects()));
    assertTrue(out.toString(), out.toString().contains("rejected  2 rows, see " + rejects()));
  }

  @Test
  public void testAFailureIsOneAndSaysHowToGoOn() throws IOException {
    bulkStatus = 400;
    assertEquals(1, load("{\"id\":1,\"taste\":[1,2]}\n"));
    assertTrue(err.toString(), err.toString().contains("refused a bulk request with 400"));
    assertTrue(err.toString(), err.toString().contains("--resume"));
    bulkStatus = 200;
    assertEquals(0, load("{\"id\":1,\"taste\":[1,2]}\n", "--resume"));
    assertTrue(out.toString(), out.toString().contains("resuming after row 0"));
  }

  @Test
  public void testTheSourceIsNeverWrittenOver() throws IOException {
    Path source = folder.getRoot().toPath().resolve("v.jsonl");
    String rows = "{\"id\":1,\"taste\":[1]}\n";
    for (String option : List.of("--state=", "--rejects=")) {
      err.getBuffer().setLength(0);
      assertEquals(1, load(rows, option + source));
      assertEquals(rows, Files.readString(source));
      String said = err.toString();
      assertTrue(said, said.startsWith("error: " + source + " cannot be both a file to load and"));
      assertEquals(said, 1, said.lines().count());
    }
    assertEquals(1, load(rows, "--rejects=" + state()));
    assertEquals(1, load(rows, "--ids=" + Files.createFile(rejects())));
    assertTrue(Files.exists(rejects()));
    assertFalse(Files.exists(state()));
  }

  @Test
  public void testAPatternOfIndicesIsRefused() throws IOException {
    assertEquals(1, load("{\"id\":1,\"taste\":[1,2]}\n", "--index=boo*"));
    assertTrue(err.toString(), err.toString().startsWith("error: 'boo*' names no single index"));
    assertEquals(1, err.toString().lines().count());
    assertFalse(Files.exists(state()));
  }

  @Test
  public void testParquetIsLoadedAsAFileAndAsAFolderOfParts() throws IOException {
    Path parts = folder.newFolder("parts").toPath();
    for (int part = 0; part < 2; part++) {
      try (ParquetEmbeddingWriter writer =
          new ParquetEmbeddingWriter(parts.resolve("part-" + part + ".parquet"))) {
        writer.write("a" + part, new float[] {1, 2});
        writer.write("b" + part, new float[] {1, 2, 3});
      }
    }
    assertEquals(2, loadFrom(parts.resolve("part-0.parquet")));
    assertTrue(out.toString(), out.toString().contains("loaded    1 documents: 1 new"));
    assertEquals(2, loadFrom(parts));
    assertTrue(out.toString(), out.toString().contains("loaded    2 documents: 2 new"));
    assertTrue(Files.readString(rejects()).contains("{\"row\":4,\"id\":\"b1\""));
    assertEquals(1, loadFrom(parts, "--side=both"));
    assertTrue(err.toString(), err.toString().contains("--side is item or user, not both"));
    assertEquals(1, loadFrom(folder.newFolder("empty").toPath()));
    assertEquals(1, loadFrom(parts, "--vector-field=v"));
    assertTrue(err.toString(), err.toString().contains("there is no column 'v'"));
    assertEquals(1, loadFrom(parts, "--side=item"));
    assertTrue(err.toString(), err.toString().contains("--side says nothing about parquet"));
  }

  @Test
  public void testAnMlflowFolderIsReadAndItsRunReported() throws IOException {
    Path run = folder.newFolder("run").toPath();
    Path model = Files.createDirectories(run.resolve("artifacts/model"));
    Files.createDirectories(run.resolve("params"));
    Files.writeString(run.resolve("meta.yaml"), "run_id: 0a1b\nrun_name: calm-crane\n");
    Files.writeString(run.resolve("params/rank"), "2\u001b[31m" + "0".repeat(100));
    for (int i = 0; i < 20; i++) {
      Files.writeString(run.resolve("params/z" + i), "1");
    }
    Files.writeString(model.resolve("MLmodel"), "run_id: 0a1b\nflavors: {sklearn: {}}\n");
    Files.writeString(model.resolve("items.csv"), "id,v0,v1\na,1,2\nb,3,4\n");
    Path report = folder.getRoot().toPath().resolve("report.json");
    assertEquals(err.toString(), 0, loadFrom(model, "--report=" + report));
    String said = out.toString();
    assertTrue(said, said.contains("loaded    2 documents: 2 new"));
    assertTrue(said, said.contains("origin    run_id: 0a1b\n"));
    assertTrue(said, said.contains("origin    run_name: calm-crane\n"));
    assertTrue(said, said.contains("origin    params.rank: 2?[31m000"));
    assertTrue(said, said.contains("origin    and 4 more, which --report lists"));
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertEquals("0a1b", json.at("/origin/run_id").asText());
    assertEquals("2\u001b[31m" + "0".repeat(100), json.at("/origin/params.rank").asText());
    assertEquals(1, loadFrom(model, "--vector-field=v"));
    assertEquals(1, loadFrom(model, "--side=item"));
    assertTrue(err.toString(), err.toString().contains("--side says nothing about csv"));
    Files.write(model.resolve("items.csv"), new byte[] {(byte) 0x80, 2, 'x'});
    assertEquals(1, loadFrom(model));
    assertTrue(err.toString(), err.toString().contains("is pickled Python"));
  }

  @Test
  public void testHelpNamesEveryFormat() {
    assertEquals(0, run("load", "--help"));
    String help = out.toString().replaceAll("\\s+", " ");
    for (EmbeddingFormat each : ModelFormats.all(NamesGiven.NONE, Optional.empty(), List.of())) {
      assertTrue(help, help.contains(each.label()));
    }
    for (String label : EmbeddingFormats.standard().labels()) {
      assertTrue(help, help.contains(label));
    }
  }

  private int loadFrom(Path path, String... more) throws IOException {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "load",
                path.toString(),
                "--index=books",
                "--field=taste",
                "--url=http://127.0.0.1:" + server.getAddress().getPort(),
                "--state=" + state(),
                "--rejects=" + rejects()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  public void testADryRunSendsNothingAndReports() throws IOException {
    bulkStatus = 500; // any request for documents would fail
    Path report = folder.getRoot().toPath().resolve("report.json");
    int code =
        load(
            "{\"id\":1,\"taste\":[3,4]}\n{\"id\":1,\"taste\":[0,0]}\n{\"id\":2,\"taste\":[1]}\n",
            "--dry-run",
            "--normalize",
            "--report=" + report);
    assertEquals(err.toString(), 2, code);
    String said = out.toString();
    assertTrue(said, said.contains("to load   1 documents; nothing was sent"));
    assertTrue(said, said.contains("shortest 0.000, mean 2.500, longest 5.000; 1 zero vectors"));
    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertTrue(json.get("dry_run").asBoolean());
    assertEquals(2, json.get("rejected").asInt());
    assertEquals(5, json.at("/norms/max").asDouble(), 0);
    assertEquals(1, json.get("zero_vectors").asInt());
    assertEquals(0, json.get("duplicate_ids").asInt());
    assertEquals(2, Files.readAllLines(rejects()).size());
    assertFalse(Files.exists(state()));
    assertEquals(1, load("{\"id\":1,\"taste\":[1,2]}\n", "--dry-run", "--resume"));
    assertTrue(err.toString(), err.toString().contains("so --resume has no meaning"));
  }

  @Test
  public void testAMalformedHeaderIsNotRepeated() throws IOException {
    assertEquals(1, load("{\"id\":1,\"taste\":[1,2]}\n", "--header=s3cret"));
    assertTrue(err.toString(), err.toString().contains("one that is given has no colon"));
    assertEquals(1, load("{\"id\":1,\"taste\":[1,2]}\n", "--header=:s3cret"));
    assertTrue(err.toString(), err.toString().contains("has no name before its colon"));
    assertFalse(err.toString(), err.toString().contains("s3cret"));
  }

  @Test
  public void testADryRunLeavesTheRejectsFileOfAnInterruptedLoad() throws IOException {
    String rows = "{\"id\":1,\"taste\":[3]}\n{\"id\":2,\"taste\":[1,2]}\n";
    assertEquals(1, load(rows + "{\"id\":\"stop\",\"taste\":[1,2]}\n", "--batch-docs=1"));
    String content = Files.readString(rejects());
    assertEquals(1, content.lines().count());
    assertEquals(1, load(rows, "--dry-run"));
    assertTrue(err.toString(), err.toString().contains("give a dry run another --rejects"));
    assertEquals(content, Files.readString(rejects()));
    assertEquals(2, load(rows, "--dry-run", "--rejects=" + rejects() + ".dry"));
  }

  @Test
  public void testOptionsThatChangeWhatIsStoredMustBeTheSameToResume() throws IOException {
    bulkStatus = 400;
    String rows = "{\"id\":1,\"taste\":[3],\"b\":4}\n";
    String[] then = {"--append-bias=b", "--as-update", "--model=als", "--batch-docs=7"};
    assertEquals(1, load(rows, then));
    String state = Files.readString(state());
    assertTrue(state, state.contains("\"--append-bias\" : \"b\""));
    assertTrue(state, state.contains("\"--as-update\" : \"true\""));
    assertFalse(state, state.contains("--batch-docs") || state.contains("--url"));
    bulkStatus = 200;
    assertEquals(1, load(rows, "--append-bias=b", "--create-only", "--model=als", "--resume"));
    String said = err.toString();
    assertTrue(said, said.contains("--as-update was true and is not given, --create-only was not"));
    String[] now = {"--append-bias=b", "--as-update", "--model=als", "--batch-docs=8", "--resume"};
    load(rows, now);
    assertTrue(out.toString(), out.toString().contains("resuming after row 0"));
  }

  @Test
  public void testAFlagThatSaysNoIsRememberedToo() throws IOException {
    bulkStatus = 400;
    assertEquals(1, load("1;2;3\n4;5;6\n", "--no-column-names"));
    bulkStatus = 200;
    assertEquals(1, load("1;2;3\n4;5;6\n", "--resume"));
    String said = err.toString();
    assertTrue(said, said.contains("--column-names was false and is not given"));
  }

  @Test
  public void testWhatCannotBeIsRefusedInOneLine() throws IOException {
    String row = "{\"id\":1,\"taste\":[1,2]}\n";
    assertRefused(row, "are mutually exclusive", "--as-update", "--update-only");
    assertRefused(row, "--normalize is l2, not l1", "--normalize=l1");
    assertRefused(row, "there is no file nowhere.csv", "--id-map=nowhere.csv");
    assertRefused(row, "the model must have a name", "--model= ");
    assertRefused(row, "--ca-cert is for https", "--ca-cert=x.pem");
    assertRefused(row, "there is no folder", "--report=nowhere/report.json");
    assertRefused(row, "cannot be both the report and the state file", "--report=" + state());
    Path map = Files.writeString(folder.getRoot().toPath().resolve("map.csv"), "1\n");
    assertRefused(row, "map.csv, line 1: one field instead of two", "--id-map=" + map);
    assertFalse(Files.exists(state()));
  }

  private void assertRefused(String rows, String expected, String... options) throws IOException {
    err.getBuffer().setLength(0);
    assertEquals(1, load(rows, options));
    assertTrue(err.toString(), err.toString().startsWith("error: "));
    assertTrue(err.toString(), err.toString().contains(expected));
  }

  @Test
  public void testMisuseIsOneAndOneLine() throws IOException {
    assertEquals(1, run("load", "--what"));
    assertTrue(err.toString(), err.toString().contains("see: affinity load --help"));
    assertEquals(1, run("load", "nowhere", "--index=a", "--field=b"));
    assertTrue(err.toString(), err.toString().contains("there is no file nowhere"));
    assertEquals(1, load("{\"id\":1}\n", "--format=xls"));
    assertTrue(
        err.toString(),
        err.toString().contains("the format is spark-als, spark-word2vec, parquet"));
    assertTrue(err.toString(), err.toString().contains("or bvecs, not xls"));
    assertEquals(1, load("{\"id\":1}\n", "--delimiter=;"));
    assertTrue(err.toString(), err.toString().contains("--delimiter says nothing about jsonl"));
    assertEquals(1, load("a;1;2\n", "--delimiter=;;"));
    assertTrue(err.toString(), err.toString().contains("--delimiter is one character"));
    assertEquals(1, load("1 2\na 1 2\n", "--id-field=x"));
    assertTrue(err.toString(), err.toString().contains("--id-field says nothing about word2vec"));
    assertEquals(1, load("{\"id\":1}\n", "--batch-docs=0"));
    assertTrue(err.toString(), err.toString().contains("batch documents are from 1"));
    assertEquals(1, load("{\"id\":1}\n", "--header=x"));
    assertTrue(err.toString(), err.toString().contains("name:value"));
  }
}

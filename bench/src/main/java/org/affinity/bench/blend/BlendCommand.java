/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.blend;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.affinity.bench.http.BenchServer;
import org.affinity.bench.report.Place;
import org.affinity.bench.report.ReportCommand;
import org.affinity.ingest.Endpoint;
import org.affinity.ingest.ServerConnection;
import picocli.CommandLine;

/** Measures personalized search on a running server. */
@CommandLine.Command(
    name = "blend",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Speed of personalized search on a running server, against its alternatives.")
public final class BlendCommand extends ReportCommand {

  private static final int MOST_DOCUMENTS = 10_000_000;

  @CommandLine.Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${AFFINITY_URL:-http://127.0.0.1:9200}",
      description = "The server; its indices affinity-bench-* are made anew and deleted.")
  private String url;

  @CommandLine.Option(
      names = "--docs",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Documents of the generated catalogue; 0: leave it out.")
  private int documents;

  @CommandLine.Option(
      names = "--dimension",
      paramLabel = "N",
      defaultValue = "64",
      description = "Dimension of its vectors.")
  private int dimension;

  @CommandLine.Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder above goodbooks/, which is measured too then.")
  private Path data;

  @CommandLine.Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "40",
      description = "Rounds, of 8 searches for each contestant and number of matches.")
  private int rounds;

  @CommandLine.Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "No round begins after so many seconds for one number of matches.")
  private double seconds;

  @CommandLine.Option(
      names = "--note",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What a reader should know of the machine.")
  private String note;

  @CommandLine.Option(names = "--keep", description = "Leave the indices on the server.")
  private boolean keep;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md beside it.")
  private Path out;

  @Override
  public Integer call() throws InterruptedException {
    check();
    try {
      measure();
      return 0;
    } catch (IOException e) {
      warn(url + ": " + e.getMessage());
      return 1;
    }
  }

  private void measure() throws IOException, InterruptedException {
    BenchServer server = new BenchServer(new ServerConnection(Endpoint.of(url)));
    JsonNode about = server.get("/");
    List<Catalogue> catalogues = new ArrayList<>();
    if (data != null) {
      catalogues.add(GoodbooksCatalogue.read(data.resolve("goodbooks")));
    }
    if (documents > 0) {
      catalogues.add(new GeneratedCatalogue(documents, dimension));
    }
    List<BlendResult.Series> series = new ArrayList<>();
    for (Catalogue catalogue : catalogues) {
      LoadedIndex index = new LoadedIndex(server, catalogue);
      try {
        say(catalogue.name() + ": loading");
        index.load(words -> say(catalogue.name() + ": " + words));
        for (int target : catalogue.targets()) {
          say(catalogue.name() + ": " + target + " matches");
          series.addAll(new BlendRun(index, catalogue, rounds, seconds).measure(target));
        }
      } finally {
        if (!keep) {
          index.drop();
        }
      }
    }
    BlendResult result = new BlendResult(run(about), series);
    if (out != null) {
      BlendReport.write(result, out);
    }
    print(BlendReport.markdown(result));
  }

  private Map<String, Object> run(JsonNode about) throws IOException {
    Map<String, Object> run = Place.describeClient();
    run.put("opensearch", about.path("version").path("number").asText());
    run.put("rounds", rounds);
    run.put("secondsPerNumberOfMatches", seconds);
    run.put("note", note);
    return run;
  }

  private void check() {
    refuseIf(documents < 0 || documents > MOST_DOCUMENTS, "--docs must be 0 to " + MOST_DOCUMENTS);
    refuseIf(documents > 0 && documents < 1000, "--docs must be 0, or at least 1000");
    refuseIf(dimension < 1 || dimension > 512, "--dimension must be 1 to 512");
    refuseIf(rounds < 1, "--rounds must be at least 1");
    refuseIf(!(seconds > 0), "--seconds must be above 0");
    refuseIf(documents == 0 && data == null, "nothing to search: give --docs or --data");
    refuseIf(
        data != null && !Files.isDirectory(data.resolve("goodbooks")),
        "there is no folder " + (data == null ? "" : data.resolve("goodbooks")));
    refuseUnlessJson(out);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.affinity.bench.http.BenchServer;
import org.affinity.bench.report.Place;
import org.affinity.bench.report.ReportCommand;
import org.affinity.ingest.Endpoint;
import org.affinity.ingest.ServerConnection;
import picocli.CommandLine;

/** Measures how good personalized ranking is, on a running server. */
@CommandLine.Command(
    name = "ranking",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Quality of personalized ranking on a running server, against its alternatives.")
public final class RankingCommand extends ReportCommand {

  private static final QuerySampler.Limits TINY = new QuerySampler.Limits(20, 40);

  /** The data sets there are, by their folders. */
  enum DataSet {
    GOODBOOKS("goodbooks"),
    ONLINE_RETAIL("online-retail"),
    ICECAT("icecat-chorus"),
    MOVIETWEETINGS("movietweetings");

    final String folder;

    DataSet(String folder) {
      this.folder = folder;
    }

    RankingSet read(Path data, QuerySampler.Limits limits, long seed, Consumer<String> progress)
        throws IOException {
      Path in = data.resolve(folder);
      return switch (this) {
        case GOODBOOKS -> GoodbooksSet.read(in, limits, seed);
        case ONLINE_RETAIL -> OnlineRetailSet.read(in, limits, seed);
        case MOVIETWEETINGS -> MovieTweetingsSet.read(in, limits, seed, progress);
        case ICECAT -> IcecatSet.read(in, seed);
      };
    }

    @Override
    public String toString() {
      return folder;
    }
  }

  @CommandLine.Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${AFFINITY_URL:-http://127.0.0.1:9200}",
      description = "The server; its indices affinity-bench-ranking-* are made anew and deleted.")
  private String url;

  @CommandLine.Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder above goodbooks/, online-retail/, movietweetings/, icecat-chorus/.")
  private Path data;

  @CommandLine.Option(
      names = "--set",
      paramLabel = "NAME",
      split = ",",
      description = "Only these: ${COMPLETION-CANDIDATES}. Default: those that DIR has.")
  private List<DataSet> only = new ArrayList<>();

  @CommandLine.Option(
      names = "--with",
      paramLabel = "FILE",
      split = ",",
      description =
          "Results of the same commit, seed and numbers of queries, whose data sets come before"
              + " those measured now.")
  private List<Path> earlier = new ArrayList<>();

  @CommandLine.Option(names = "--tiny", description = "An invented data set, to see it run.")
  private boolean tiny;

  @CommandLine.Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "1000",
      description = "The most queries judged of each set, of as many people.")
  private int queries;

  @CommandLine.Option(
      names = "--tuning",
      paramLabel = "N",
      defaultValue = "300",
      description = "The most queries, of other people, that weights are chosen by.")
  private int tuning;

  @CommandLine.Option(
      names = "--permutations",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Of the randomization test.")
  private int permutations;

  @CommandLine.Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Of samples, orders, factors and permutations.")
  private long seed;

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
      warn(words(e));
      return 1;
    }
  }

  /** Exceptions of files and connections often say no more than a name, or nothing. */
  private static String words(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return "there is no file " + missing.getFile();
    } else if (e instanceof FileSystemException file && file.getReason() == null) {
      return file.getFile() + ": " + file.getClass().getSimpleName();
    }
    return e instanceof ConnectException ? "no server answers there" : e.getMessage();
  }

  private Endpoint endpoint() {
    try {
      return Endpoint.of(url);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(commandLine(), e.getMessage(), e);
    }
  }

  private IOException ofServer(IOException e) {
    return new IOException(url + ": " + words(e), e);
  }

  private void measure() throws IOException, InterruptedException {
    BenchServer server = new BenchServer(new ServerConnection(endpoint()));
    List<RankingResult> before = new ArrayList<>();
    for (Path file : earlier) {
      before.add(RankingReport.read(file));
    }
    RankingResult result =
        RankingResult.join(
            tiny || !chosen().isEmpty() ? run(about(server)) : before.get(0).run(), before);
    if (!before.isEmpty()) {
      write(result);
    }
    if (tiny) {
      add(result, server, InventedSet.invent(TINY, seed));
    }
    for (DataSet chosen : chosen()) {
      Consumer<String> progress = words -> say(chosen + ": " + words);
      progress.accept("reading");
      QuerySampler.Limits limits = new QuerySampler.Limits(tuning, queries);
      add(result, server, chosen.read(data, limits, seed, progress));
    }
    print(RankingReport.markdown(result));
  }

  /** Measures a data set, and writes all there is so far. */
  private void add(RankingResult result, BenchServer server, RankingSet set)
      throws IOException, InterruptedException {
    result.refuse(set.name());
    try {
      result.sets().add(measure(server, set));
    } catch (IOException e) {
      throw ofServer(e);
    }
    write(result);
  }

  private JsonNode about(BenchServer server) throws IOException, InterruptedException {
    try {
      return server.get("/");
    } catch (IOException e) {
      throw ofServer(e);
    }
  }

  private void write(RankingResult result) throws IOException {
    if (out != null) {
      RankingReport.write(result, out);
    }
  }

  private RankingResult.Data measure(BenchServer server, RankingSet set)
      throws IOException, InterruptedException {
    RankingIndex index = new RankingIndex(server, set);
    try {
      say(set.name() + ": loading " + set.items().size() + " items");
      index.load();
      return new RankingRun(
              set,
              index,
              new RandomizationTest(permutations, seed),
              seed,
              words -> say(set.name() + ": " + words))
          .measure();
    } finally {
      if (!keep) {
        index.drop();
      }
    }
  }

  private List<DataSet> chosen() {
    if (data == null) {
      return List.of();
    }
    List<DataSet> chosen = new ArrayList<>();
    for (DataSet set : DataSet.values()) {
      if (only.isEmpty() ? Files.isDirectory(data.resolve(set.folder)) : only.contains(set)) {
        chosen.add(set);
      }
    }
    return chosen;
  }

  private Map<String, Object> run(JsonNode about) throws IOException {
    Map<String, Object> run = Place.describeClient();
    run.put("opensearch", about.path("version").path("number").asText());
    run.put("seed", seed);
    run.put("permutations", permutations);
    run.put("mostQueries", queries);
    run.put("mostTuning", tuning);
    run.put("note", note);
    return run;
  }

  private void check() {
    refuseIf(queries < 1, "--queries must be at least 1");
    refuseIf(tuning < 1, "--tuning must be at least 1");
    refuseIf(permutations < 1, "--permutations must be at least 1");
    refuseUnlessJson(out);
    refuseIf(!only.isEmpty() && data == null, "--set needs --data");
    refuseIf(data != null && !Files.isDirectory(data), "there is no folder " + data);
    for (DataSet set : only) {
      refuseIf(
          !Files.isDirectory(data.resolve(set.folder)),
          "there is no folder " + data.resolve(set.folder));
    }
    refuseIf(
        data != null && chosen().isEmpty(),
        data + " has none of the folders " + Arrays.toString(DataSet.values()));
    refuseIf(
        !tiny && chosen().isEmpty() && earlier.isEmpty(),
        "nothing to search: give --data or --tiny");
    for (Path file : earlier) {
      refuseIf(!Files.isReadable(file), "there is no file " + file);
    }
  }
}

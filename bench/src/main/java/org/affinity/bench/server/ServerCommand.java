/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.affinity.bench.ann.VectorSet;
import org.affinity.bench.ann.VectorSets;
import org.affinity.bench.ann.WorkFolder;
import org.affinity.bench.report.Place;
import org.affinity.bench.report.ReportCommand;
import picocli.CommandLine;

/** Measures a server with the plugin beside one with the k-NN plugin. */
@CommandLine.Command(
    name = "server",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description =
        "Nearest-neighbour search over HTTP: a server with the plugin beside one with the k-NN"
            + " plugin. \"./affinity bench server\" starts and stops both.")
public final class ServerCommand extends ReportCommand {

  @CommandLine.Option(
      names = "--url",
      paramLabel = "URL",
      required = true,
      description = "The server with the plugin; its indices affinity-bench-* are made anew.")
  private String url;

  @CommandLine.Option(
      names = "--peer",
      paramLabel = "URL",
      required = true,
      description = "The server with the k-NN plugin; likewise.")
  private String peer;

  @CommandLine.Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Real data: glove-6b-100d and goodbooks in it; others by --data-set.")
  private Path data;

  @CommandLine.Option(
      names = "--data-set",
      paramLabel = "NAME",
      split = ",",
      description = "These sets; clustered-SIZExDIMENSION is generated, and needs no --data.")
  private List<String> names = List.of();

  @CommandLine.Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "Only the first N vectors of a set; 0: all.")
  private int limit;

  @CommandLine.Option(
      names = "--only",
      paramLabel = "REGEX",
      defaultValue = ".*",
      description = "Only contestants whose whole name matches.")
  private Pattern only;

  @CommandLine.Option(
      names = "--clients",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2",
      description = "How many clients ask at once.")
  private List<Integer> clients;

  @CommandLine.Option(
      names = "--native",
      description =
          "The k-NN plugin has its native library, which the one on Maven Central lacks: search its"
              + " 32x index, too.")
  private boolean nativeCode;

  @CommandLine.Option(
      names = "--builds",
      defaultValue = "1",
      description = "Times an index is built; the median counts.")
  private int builds;

  @CommandLine.Option(names = "--rounds", defaultValue = "5", description = "Timed rounds.")
  private int rounds;

  @CommandLine.Option(names = "--queries", defaultValue = "500", description = "Queries of a set.")
  private int queries;

  @CommandLine.Option(
      names = "--seed",
      defaultValue = "42",
      description = "Of the order in rounds.")
  private long seed;

  @CommandLine.Option(
      names = "--note",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What a reader should know of the machine.")
  private String note;

  @CommandLine.Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Keeps sets and truth there for the next run; else a temporary folder.")
  private Path work;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md beside it.")
  private Path out;

  @CommandLine.Option(
      names = "--check",
      hidden = true,
      description = "Only says whether the options can be.")
  private boolean checkOnly;

  @Override
  public Integer call() throws InterruptedException {
    check();
    if (checkOnly) {
      return 0;
    }
    try (WorkFolder folder = new WorkFolder(work, "")) {
      measure(folder);
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(commandLine(), e.getMessage(), e);
    } catch (IOException e) {
      warn(e.getMessage());
      return 1;
    }
  }

  private void measure(WorkFolder folder) throws IOException, InterruptedException {
    Map<Contestant.Side, Node> nodes = new EnumMap<>(Contestant.Side.class);
    nodes.put(Contestant.Side.OURS, node(url));
    nodes.put(Contestant.Side.PEER, node(peer));
    ServerRun run =
        new ServerRun(nodes, contestants(), builds, rounds, clients, nativeCode, seed, this::say);
    VectorSets sets = new VectorSets(data, null, folder);
    Map<String, Object> place = place(nodes);
    for (String name : sets(sets)) {
      run.measure(limited(sets.load(name), folder).withQueries(queries));
      // A set that is done is kept, whatever becomes of the next.
      if (out != null) {
        ServerReport.write(run.result(place), out);
      }
    }
    print(ServerReport.markdown(run.result(place)));
  }

  private List<String> sets(VectorSets sets) {
    if (!names.isEmpty()) {
      return names;
    }
    return data == null ? sets.names(0) : List.of(VectorSets.GLOVE, VectorSets.GOODBOOKS);
  }

  private VectorSet limited(VectorSet set, WorkFolder folder) throws IOException {
    if (limit == 0 || limit >= set.base().size()) {
      return set;
    }
    String name = set.name() + "-first-" + limit;
    return new VectorSet(
        name,
        set.space(),
        set.base().first(limit),
        set.queries(),
        set.codeBytes(),
        null,
        folder.of(name));
  }

  private List<Contestant> contestants() {
    return Arrays.stream(Contestant.values())
        .filter(contestant -> only.matcher(contestant.label()).matches())
        .toList();
  }

  private static Node node(String url) throws IOException, InterruptedException {
    try {
      return new Node(url);
    } catch (IOException e) {
      throw new IOException(url + ": " + e.getMessage(), e);
    }
  }

  private Map<String, Object> place(Map<Contestant.Side, Node> nodes) throws IOException {
    Map<String, Object> place = Place.describeClient();
    place.put("ours", nodes.get(Contestant.Side.OURS).description());
    place.put("peer", nodes.get(Contestant.Side.PEER).description());
    place.put("peersNativeLibrary", nativeCode);
    place.put("builds", builds);
    place.put("rounds", rounds);
    place.put("queries", queries);
    place.put("seedOfOrder", seed);
    place.put("note", note);
    return place;
  }

  private void check() {
    refuseIf(builds < 1, "--builds must be at least 1");
    refuseIf(rounds < 1, "--rounds must be at least 1");
    refuseIf(queries < 1, "--queries must be at least 1");
    refuseIf(limit < 0, "--limit must not be negative");
    refuseIf(
        clients.stream().anyMatch(count -> count < 1 || count > 64), "--clients must be 1 to 64");
    refuseIf(contestants().isEmpty(), "no contestant has a name like " + only);
    refuseUnlessJson(out);
    refuseIf(data != null && !Files.isDirectory(data), "there is no folder " + data);
    VectorSets sets = new VectorSets(data, null, null);
    for (String name : names) {
      refuseIf(!sets.has(name), "no set " + name + "; there are " + sets.known());
    }
  }
}

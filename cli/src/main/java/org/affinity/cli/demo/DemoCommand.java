/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.affinity.cli.console.ServerOptions;
import org.affinity.cli.console.Terminal;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.LoadReport;
import org.affinity.ingest.Reply;
import org.affinity.ingest.ServerConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code affinity demo}, on a server that is already up. */
@Command(
    name = "demo",
    description = "Load a catalogue of books and readers, and show three readers' searches.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
  private static final int WORDS = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Use the goodbooks data in this folder (default: invent a catalogue).")
  private Path data;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Of the invented catalogue (default: 42).")
  private long seed;

  @Option(names = "--exit", description = "End after the output instead of leaving a server up.")
  private boolean exit;

  @Mixin private ServerOptions serverOptions;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    ServerConnection server = serverOptions.connect();
    checkPlugin(server);
    Catalogue catalogue =
        data != null
            ? new GoodbooksCatalogue(data).read()
            : new GeneratedCatalogue(seed, WordLists.load()).make();
    out.println("Catalogue: " + catalogue.origin());
    out.flush();
    load(server, catalogue, out);

    List<Taste> readers = new Tastes(catalogue).threeUnlike();
    List<String> words = new SearchWords(catalogue).choose(readers, WORDS);
    if (readers.isEmpty() || words.isEmpty()) {
      throw new LoadException("the catalogue is too small to choose readers and words from");
    }
    DemoQueries queries = DemoQueries.of(catalogue, readers);
    DemoSearches searches = new DemoSearches(server, queries);
    List<DemoSearches.Search> answers = new ArrayList<>();
    for (String word : words) {
      answers.add(searches.search(word, readers));
    }
    DemoReport report = new DemoReport(out, Terminal.ansi(), Terminal.columns());
    report.introduce(readers);
    answers.forEach(answer -> report.show(answer, readers));
    report.repeat(server.endpoint().toString(), queries, words, readers);
    if (!exit) {
      report.stayUp(server.endpoint().toString(), queries, words.getFirst(), readers.getFirst());
    }
    out.flush();
    return 0;
  }

  private static void checkPlugin(ServerConnection server)
      throws IOException, InterruptedException {
    Reply reply = server.send("GET", "/_cat/plugins?format=json");
    if (!reply.body().toString().contains("\"opensearch-affinity\"")) {
      throw new LoadException(
          "the server at " + server.endpoint() + " has no plugin opensearch-affinity");
    }
  }

  private static void load(ServerConnection server, Catalogue catalogue, PrintWriter out)
      throws IOException, InterruptedException {
    DemoIndices indices = new DemoIndices(server);
    indices.create(catalogue.dimension());
    LoadReport report = indices.load(catalogue);
    out.printf(
        Locale.ROOT,
        "Loaded:    %,d vectors of dimension %d in %.1f s, %,.0f/s%n",
        report.loaded(),
        catalogue.dimension(),
        report.seconds(),
        report.rate());
    out.flush();
  }
}

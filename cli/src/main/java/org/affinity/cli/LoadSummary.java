/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.affinity.ingest.BulkTarget;
import org.affinity.ingest.Coverage;
import org.affinity.ingest.LoadReport;
import org.affinity.ingest.RowStatistics;
import org.affinity.ingest.Tally;
import org.affinity.ingest.WriteMode;

/**
 * The report of a load, in lines and as JSON.
 *
 * @param target where to
 * @param mode how
 * @param dryRun whether nothing was sent
 * @param origin what the source says about where it comes from
 * @param stamp the fields that say model and version, with their values
 * @param outcome what was done
 * @param rejects where rejected rows are listed
 * @param statistics of all rows, those of earlier runs too
 */
record LoadSummary(
    BulkTarget target,
    WriteMode mode,
    boolean dryRun,
    Map<String, String> origin,
    Map<String, String> stamp,
    LoadRun.Outcome outcome,
    Path rejects,
    RowStatistics statistics) {
  private static final int LINES = 20;
  private static final int WIDTH = 80;

  void print(PrintWriter out) {
    LoadReport run = outcome.run();
    Tally total = outcome.total();
    if (run.skipped() > 0) {
      line(out, "skipped   %,d rows of earlier runs", run.skipped());
    }
    line(out, "read      %,d rows", run.read());
    if (dryRun) {
      line(out, "to load   %,d documents; nothing was sent", total.loaded());
    } else {
      line(
          out,
          "loaded    %,d documents: %,d new, %,d replaced or updated",
          run.loaded(),
          run.created(),
          run.loaded() - run.created());
      if (run.skipped() > 0) {
        line(out, "in all    %,d documents over all runs", total.loaded());
      }
    }
    printRejected(out);
    printOrigin(out);
    stamp.forEach((name, value) -> line(out, "stamped   %s: %s", name, value));
    line(
        out,
        "norms     shortest %.4g, mean %.4g, longest %.4g; %,d zero vectors",
        statistics.shortest(),
        statistics.mean(),
        statistics.longest(),
        statistics.zeros());
    OptionalLong repeated = statistics.duplicates();
    line(
        out,
        "ids       %s",
        repeated.isEmpty()
            ? "duplicates not counted: too many ids for the memory"
            : String.format(Locale.ROOT, "%,d given again", repeated.getAsLong()));
    printCoverage(out);
    line(out, "took      %.1f s, %,.0f vectors/s", run.seconds(), run.rate());
    out.flush();
  }

  /** Somebody else's words: shortened, and without what a terminal would obey. */
  private void printOrigin(PrintWriter out) {
    origin.entrySet().stream()
        .limit(LINES)
        .forEach(
            each -> {
              String text = (each.getKey() + ": " + each.getValue()).replaceAll("\\p{C}", "?");
              line(
                  out,
                  "origin    %s",
                  text.length() > WIDTH ? text.substring(0, WIDTH) + "…" : text);
            });
    if (origin.size() > LINES) {
      line(out, "origin    and %,d more, which --report lists", origin.size() - LINES);
    }
  }

  private void printRejected(PrintWriter out) {
    long rejected = outcome.rejected();
    Tally total = outcome.total();
    if (rejected == 0) {
      line(out, "rejected  none");
      return;
    }
    String unmatched =
        total.unmatched() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                mode == WriteMode.CREATE_ONLY
                    ? ", %,d of them because their document is there"
                    : ", %,d of them because they have no document",
                total.unmatched());
    line(out, "rejected  %,d rows%s, see %s", rejected, unmatched, rejects);
  }

  private void printCoverage(PrintWriter out) {
    if (outcome.coverage().isPresent()) {
      Coverage c = outcome.coverage().get();
      line(
          out,
          "coverage  %,d of %,d documents have a vector in '%s', %,d have none",
          c.withVector(),
          c.documents(),
          target.field(),
          c.without());
    } else if (!outcome.noCoverage().isEmpty()) {
      line(out, "coverage  not known: %s", outcome.noCoverage());
    }
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
    out.println();
  }

  void write(Path file) throws IOException {
    Files.write(
        file,
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsBytes(toJson()));
  }

  ObjectNode toJson() {
    LoadReport run = outcome.run();
    Tally total = outcome.total();
    long rejected = outcome.rejected();
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("index", target.index()).put("field", target.field());
    json.put("mode", mode.name().toLowerCase(Locale.ROOT)).put("dry_run", dryRun);
    origin.forEach(json.putObject("origin")::put);
    stamp.forEach(json.putObject("stamp")::put);
    json.put("skipped", run.skipped()).put("read", run.read());
    json.put("loaded", total.loaded()).put("loaded_in_this_run", run.loaded());
    json.put("created", total.created());
    json.put("rejected", rejected).put("unmatched", total.unmatched());
    json.put("rejects", rejected > 0 ? rejects.toString() : null);
    json.putObject("norms")
        .put("min", statistics.shortest())
        .put("mean", statistics.mean())
        .put("max", statistics.longest());
    json.put("zero_vectors", statistics.zeros());
    if (statistics.duplicates().isPresent()) {
      json.put("duplicate_ids", statistics.duplicates().getAsLong());
    } else {
      json.putNull("duplicate_ids");
    }
    if (outcome.coverage().isPresent()) {
      Coverage c = outcome.coverage().get();
      json.putObject("coverage")
          .put("documents", c.documents())
          .put("with_vector", c.withVector())
          .put("without_vector", c.without());
    } else {
      json.putNull("coverage");
    }
    return json.put("seconds", run.seconds()).put("vectors_per_second", run.rate());
  }
}

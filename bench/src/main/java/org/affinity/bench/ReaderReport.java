/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.affinity.bench.report.ReportCommand;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import picocli.CommandLine;

/**
 * How fast the loader's readers are, without a server: rows a second, and the time as a ratio to
 * reading the file's bytes into a buffer and dropping them. Files are read once before, so the page
 * cache holds what fits into it; the best of the rounds counts.
 */
@CommandLine.Command(
    name = "readers",
    mixinStandardHelpOptions = true,
    description = "Speed of the loader's readers on files.")
public final class ReaderReport extends ReportCommand {
  @CommandLine.Parameters(paramLabel = "FILE", arity = "1..*", description = "Embeddings.")
  private List<Path> files;

  @CommandLine.Option(names = "--ids", description = "The ids of all of them.")
  private Path ids;

  @CommandLine.Option(names = "--rounds", description = "Rounds.", defaultValue = "5")
  private int rounds;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md beside it.")
  private Path out;

  private record Reading(long accepted, long rejected, int dimension, double seconds) {}

  /**
   * One line of the report.
   *
   * @param timesBytes over the time of reading the file's bytes and dropping them
   */
  record Line(
      String file,
      String format,
      long vectors,
      long rejected,
      int dimension,
      double seconds,
      double megabytesPerSecond,
      double timesBytes) {

    double vectorsPerSecond() {
      return (vectors + rejected) / seconds;
    }
  }

  /** Runs the command. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new ReaderReport()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    refuseIf(rounds < 1, "--rounds must be at least 1");
    refuseUnlessJson(out);
    row("| format | rows | rejected | d | seconds | vectors/s | MB/s | x bytes | file |");
    row("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    List<Line> lines = new ArrayList<>();
    for (Path file : files) {
      EmbeddingFormat format = EmbeddingFormats.standard().detect(file);
      double plain = readBytes(file);
      Reading best = read(format, file);
      for (int i = 1; i < rounds; i++) {
        plain = Math.min(plain, readBytes(file));
        Reading reading = read(format, file);
        best = reading.seconds() < best.seconds() ? reading : best;
      }
      Line line =
          new Line(
              file.getFileName().toString(),
              format.label(),
              best.accepted(),
              best.rejected(),
              best.dimension(),
              best.seconds(),
              Files.size(file) / best.seconds() / 1e6,
              best.seconds() / plain);
      lines.add(line);
      row(line);
    }
    write(out, "Reading files of vectors", Map.of("lines", lines));
    return 0;
  }

  private void row(Line line) {
    row(
        "| %s | %,d | %,d | %d | %.3f | %,.0f | %.0f | %.1f | %s |",
        line.format(),
        line.vectors(),
        line.rejected(),
        line.dimension(),
        line.seconds(),
        line.vectorsPerSecond(),
        line.megabytesPerSecond(),
        line.timesBytes(),
        line.file());
  }

  private static double readBytes(Path file) throws IOException {
    long start = System.nanoTime();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      int n = in.read(buffer);
      while (n >= 0) {
        n = in.read(buffer);
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private Reading read(EmbeddingFormat format, Path file) throws IOException {
    EmbeddingSource source = new EmbeddingSource(file, Optional.ofNullable(ids), "id", "vector", 0);
    long accepted = 0;
    long rejected = 0;
    int dimension = 0;
    long start = System.nanoTime();
    try (EmbeddingReader reader = format.open(source)) {
      for (Optional<Row> row = reader.next(); row.isPresent(); row = reader.next()) {
        if (row.get() instanceof Row.Accepted good) {
          accepted++;
          dimension = good.embedding().vector().length;
        } else {
          rejected++;
        }
      }
    }
    return new Reading(accepted, rejected, dimension, (System.nanoTime() - start) / 1e9);
  }
}

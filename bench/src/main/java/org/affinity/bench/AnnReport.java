/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.affinity.ann.search.AnnSearchStrategy;
import org.affinity.ann.search.NearestQuery;
import org.affinity.ann.search.VectorSpace;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import picocli.CommandLine;

/**
 * Recall, queries per second, build time and bytes of every candidate on the same vectors and
 * queries, one thread, interleaved rounds, medians. Every candidate answers through {@link
 * NearestQuery}, so all are rescored exactly; only ratios within one run mean anything.
 */
@CommandLine.Command(
    name = "ann",
    mixinStandardHelpOptions = true,
    description = "Recall, speed and bytes of nearest-neighbour search against peers.")
public final class AnnReport implements Callable<Integer> {

  @CommandLine.Option(
      names = "--data",
      description = "Folder with goodbooks/ and glove-6b-100d/; generated vectors without it.")
  private Path data;

  @CommandLine.Option(names = "--size", description = "Generated vectors.", defaultValue = "20000")
  private int size;

  @CommandLine.Option(names = "--rounds", description = "Counted rounds.", defaultValue = "5")
  private int rounds;

  @CommandLine.Option(names = "-k", description = "Neighbours.", defaultValue = "10")
  private int k;

  @CommandLine.Option(names = "--out", description = "Also writes the rows as JSON to this file.")
  private Path out;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** One line of the report. */
  record Line(
      String data,
      String candidate,
      int efSearch,
      double recall,
      double queriesPerSecond,
      double buildSeconds,
      Map<String, Double> bytesPerVector) {}

  /** Starts the report. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new AnnReport()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    List<Line> lines = new ArrayList<>();
    for (Dataset dataset : datasets()) {
      lines.addAll(measure(dataset));
    }
    print(lines);
    if (out != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(
              out.toFile(),
              Map.of(
                  "java", Runtime.version().toString(),
                  "processors", Runtime.getRuntime().availableProcessors(),
                  "k", k,
                  "rounds", rounds,
                  "lines", lines));
    }
    return 0;
  }

  private List<Dataset> datasets() throws IOException {
    if (data == null) {
      return List.of(Dataset.generated(size, 64, Math.min(500, size), k, 42));
    }
    Path books = data.resolve("goodbooks");
    Path glove = data.resolve("glove-6b-100d");
    return List.of(
        Dataset.of(
            "goodbooks-64, user to item",
            VectorSpace.INNER_PRODUCT,
            Dataset.fvecs(books.resolve("item-als64-gen2.fvecs.gz")),
            Dataset.fvecs(books.resolve("mips-query-als64-gen2.fvecs.gz")),
            k),
        Dataset.of(
            "GloVe-100",
            VectorSpace.COSINE,
            Dataset.fvecs(first(glove, "base.fvecs")),
            Dataset.fvecs(first(glove, "query.fvecs")),
            k));
  }

  private static Path first(Path folder, String name) {
    Path plain = folder.resolve(name);
    return Files.exists(plain) ? plain : folder.resolve(name + ".gz");
  }

  private List<Line> measure(Dataset dataset) throws IOException {
    List<Built> built = new ArrayList<>();
    try {
      for (Candidate candidate : Candidate.all()) {
        built.add(Built.build(candidate, dataset));
      }
      List<Line> lines = new ArrayList<>();
      for (int efSearch : new int[] {20, 50, 100, 200}) {
        lines.addAll(measure(dataset, built, efSearch));
      }
      return lines;
    } finally {
      for (Built index : built) {
        index.close();
      }
    }
  }

  private List<Line> measure(Dataset dataset, List<Built> built, int efSearch) throws IOException {
    double[][] seconds = new double[built.size()][rounds];
    double[] recall = new double[built.size()];
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < built.size(); i++) {
        long start = System.nanoTime();
        int right = built.get(i).answer(dataset, k, efSearch);
        if (round >= 0) {
          seconds[i][round] = (System.nanoTime() - start) / 1e9;
        }
        recall[i] = right / (double) (k * dataset.queries().size());
      }
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < built.size(); i++) {
      Arrays.sort(seconds[i]);
      Built index = built.get(i);
      lines.add(
          new Line(
              dataset.name(),
              index.candidate.name(),
              efSearch,
              recall[i],
              dataset.queries().size() / seconds[i][rounds / 2],
              index.buildSeconds,
              index.bytesPerVector));
    }
    return lines;
  }

  private void print(List<Line> lines) {
    PrintWriter writer = spec.commandLine().getOut();
    writer.println("| data | index | ef_search | recall@" + k + " | queries/s | build s | bytes |");
    writer.println("| --- | --- | --- | --- | --- | --- | --- |");
    for (Line line : lines) {
      writer.printf(
          Locale.ROOT,
          "| %s | %s | %d | %.4f | %.0f | %.1f | %s |%n",
          line.data(),
          line.candidate(),
          line.efSearch(),
          line.recall(),
          line.queriesPerSecond(),
          line.buildSeconds(),
          line.bytesPerVector());
    }
    writer.flush();
  }

  /** A candidate's index, in one segment, in a folder that goes with it. */
  private static final class Built {
    private static final String FIELD = "v";

    private final Candidate candidate;
    private final Directory directory;
    private final Path folder;
    private final DirectoryReader reader;
    private final double buildSeconds;
    private final Map<String, Double> bytesPerVector;

    private Built(Candidate candidate, Path folder, double buildSeconds, int size)
        throws IOException {
      this.candidate = candidate;
      this.folder = folder;
      this.directory = new MMapDirectory(folder);
      this.reader = DirectoryReader.open(directory);
      this.buildSeconds = buildSeconds;
      this.bytesPerVector = new java.util.TreeMap<>();
      for (String file : directory.listAll()) {
        String extension = file.substring(file.lastIndexOf('.') + 1);
        if (List.of("vec", "vex", "pqc", "pqb", "ivl", "ivx", "ivq").contains(extension)) {
          double bytes = Math.round(10.0 * directory.fileLength(file) / size) / 10.0;
          bytesPerVector.merge(extension, bytes, Double::sum);
        }
      }
    }

    static Built build(Candidate candidate, Dataset dataset) throws IOException {
      Path folder = Files.createTempDirectory("affinity-bench-");
      IndexWriterConfig config = new IndexWriterConfig();
      config.setUseCompoundFile(false).setRAMBufferSizeMB(512);
      config.setCodec(
          new AffinityCodec(
              Codec.getDefault(), new PerFieldVectorsFormat(field -> candidate.format())));
      long start = System.nanoTime();
      try (Directory directory = new MMapDirectory(folder);
          IndexWriter writer = new IndexWriter(directory, config)) {
        for (float[] vector : dataset.base()) {
          Document document = new Document();
          document.add(new KnnFloatVectorField(FIELD, vector, dataset.space().similarity()));
          writer.addDocument(document);
        }
        writer.forceMerge(1);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Built(candidate, folder, seconds, dataset.base().size());
    }

    /** Answers all queries and counts the right hits. */
    int answer(Dataset dataset, int k, int efSearch) throws IOException {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      AnnSearchStrategy strategy = new AnnSearchStrategy(efSearch, 1, false);
      int right = 0;
      for (int q = 0; q < dataset.queries().size(); q++) {
        NearestQuery query =
            new NearestQuery(FIELD, dataset.space(), dataset.queries().get(q), k, strategy, null);
        for (ScoreDoc hit : searcher.search(query, k).scoreDocs) {
          right += hit.score >= dataset.kthScores()[q] ? 1 : 0;
        }
      }
      return right;
    }

    void close() throws IOException {
      reader.close();
      for (String file : directory.listAll()) {
        directory.deleteFile(file);
      }
      directory.close();
      Files.delete(folder);
    }
  }
}

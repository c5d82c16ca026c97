/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that a run measured: what is written as JSON. Numbers of an absolute kind are there to be
 * divided by each other; a number that was not measured is null.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnnResult(
    Map<String, Object> run,
    List<Index> indices,
    List<Point> points,
    List<Merge> merges,
    List<Cold> cold) {

  /**
   * An index of all vectors of a set.
   *
   * @param bytesPerVector by kind; all but raw is what a search keeps hot
   * @param heapBytes in use after opening and one pass over the queries, less those before
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Index(
      String data,
      String candidate,
      Candidate.Side side,
      int vectors,
      int dimension,
      double buildCpuSeconds,
      double buildWallSeconds,
      Map<String, Double> bytesPerVector,
      long heapBytes) {

    /** Less is a file's header and footer. */
    private static final double FEWEST_CODE_BYTES = 0.5;

    /** All but the raw vectors. */
    double hotBytes() {
      double sum = 0;
      for (Map.Entry<String, Double> kind : bytesPerVector.entrySet()) {
        sum += kind.getKey().equals(FileKind.RAW) ? 0 : kind.getValue();
      }
      return sum;
    }

    /**
     * Kinds that a search reads for every query: hot bytes, and raw ones where there are no codes.
     */
    double searchedBytes() {
      double codes =
          bytesPerVector.getOrDefault("codes", 0.0)
              + bytesPerVector.getOrDefault("lists with codes", 0.0);
      return hotBytes()
          + (codes >= FEWEST_CODE_BYTES ? 0 : bytesPerVector.getOrDefault(FileKind.RAW, 0.0));
    }
  }

  /**
   * One setting of one candidate.
   *
   * @param filter null: none
   * @param effort 0: what a user gets who sets nothing
   * @param fewestHits the least any query got
   * @param queriesPerSecond one thread, by its CPU time: median of rounds
   * @param twoThreads of two threads at once, by wall time; null where there is one processor
   * @param p50Micros CPU time of a query
   * @param allocatedBytes per query
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Point(
      String data,
      String candidate,
      Form form,
      String filter,
      int k,
      int effort,
      double recall,
      int fewestHits,
      double queriesPerSecond,
      double wallQueriesPerSecond,
      Double twoThreads,
      double p50Micros,
      double p99Micros,
      double allocatedBytes) {}

  /**
   * Pieces made one.
   *
   * @param recall at 10 of what came out, by default settings; null in older results
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Merge(
      String data,
      String candidate,
      String pieces,
      double cpuSeconds,
      double wallSeconds,
      Double recall) {}

  /**
   * Queries per second of wall time: warm; after all of the index left the page cache, one pass;
   * with the raw vectors out of it before each pass, and before each query.
   */
  record Cold(
      String data,
      String candidate,
      Form form,
      double recall,
      double warm,
      double allCold,
      double rawColdEachPass,
      double rawColdEachQuery) {}

  /** The index of a candidate, if it took part. */
  Optional<Index> index(String data, String candidate) {
    return indices.stream()
        .filter(index -> index.data().equals(data) && index.candidate().equals(candidate))
        .findFirst();
  }

  /** A merge of a candidate, if measured. */
  Optional<Merge> merge(String data, String candidate, String pieces) {
    return merges.stream()
        .filter(
            merge ->
                merge.data().equals(data)
                    && merge.candidate().equals(candidate)
                    && merge.pieces().equals(pieces))
        .findFirst();
  }

  /** The CPU time of a merge over that of the base's; NaN if either was not measured. */
  double mergeOverBase(String data, String candidate, String pieces) {
    Optional<Merge> its = merge(data, candidate, pieces);
    Optional<Merge> base = merge(data, Candidates.BASE, pieces);
    return its.isEmpty() || base.isEmpty()
        ? Double.NaN
        : its.get().cpuSeconds() / base.get().cpuSeconds();
  }

  /** Queries per second over the base's at the same recall; NaN if either does not reach it. */
  double speedOverBase(String data, String candidate, int k, double recall) {
    return curve(data, candidate, null, k).at(recall)
        / curve(data, Candidates.BASE, null, k).at(recall);
  }

  /** What a user gets who sets nothing. */
  Optional<Point> byDefault(String data, String candidate, String filter, int k) {
    return points.stream()
        .filter(point -> point.data().equals(data) && point.candidate().equals(candidate))
        .filter(point -> java.util.Objects.equals(point.filter(), filter) && point.k() == k)
        .filter(point -> point.effort() == BuiltIndex.Searcher.DEFAULT)
        .findFirst();
  }

  Curve curve(String data, String candidate, String filter, int k) {
    return Curve.of(
        points.stream()
            .filter(point -> point.data().equals(data) && point.candidate().equals(candidate))
            .filter(point -> java.util.Objects.equals(point.filter(), filter) && point.k() == k)
            .toList());
  }

  /**
   * This and another one's sets. What each was run on is told by set.
   *
   * @throws IllegalArgumentException if a set is in both: candidates of two runs do not compare
   */
  AnnResult and(AnnResult other) {
    for (String data : other.sets()) {
      if (sets().contains(data)) {
        throw new IllegalArgumentException(data + " was measured in another file, too");
      }
    }
    Map<String, Object> both = new LinkedHashMap<>(runs());
    both.putAll(other.runs());
    return new AnnResult(
        both,
        concat(indices, other.indices),
        concat(points, other.points),
        concat(merges, other.merges),
        concat(cold, other.cold));
  }

  /** What each set was run on, by its name. */
  private Map<String, Object> runs() {
    Map<String, Object> runs = new LinkedHashMap<>();
    sets().forEach(data -> runs.put(data, run.getOrDefault(data, run)));
    return runs;
  }

  /** Whether times of these sets may be divided by each other. */
  boolean ofOneRun(List<String> sets) {
    return sets.stream().map(data -> run.getOrDefault(data, run)).distinct().count() <= 1;
  }

  private static <T> List<T> concat(List<T> a, List<T> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  /** Names of the sets, in order. */
  List<String> sets() {
    return indices.stream().map(Index::data).distinct().toList();
  }

  /** Those who took part on a set, in order. */
  List<Index> on(String data) {
    return indices.stream().filter(index -> index.data().equals(data)).toList();
  }

  static AnnResult read(Path file) throws IOException {
    return new ObjectMapper().readValue(file.toFile(), AnnResult.class);
  }

  void write(Path file) throws IOException {
    VectorFile.write(
        file,
        out ->
            out.write(
                new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsBytes(this)));
  }
}

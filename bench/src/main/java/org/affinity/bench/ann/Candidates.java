/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.affinity.ann.hnsw.AffinityHnswPqVectorsFormat;
import org.affinity.ann.ivf.AffinityIvfPqVectorsFormat;
import org.affinity.ann.ivf.IvfParameters;
import org.affinity.ann.pq.PqEncoding;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.affinity.ann.sq.SqFlatVectorsFormat;
import org.affinity.ann.sq.SqHnswVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** Who takes part. */
final class Candidates {

  /** What the bars are relative to: Lucene's float HNSW, M = 16, beam 100. */
  static final String BASE = "lucene-hnsw-float";

  static final String ONE_BIT = "lucene-hnsw-1bit";
  static final String IVF = "ivf-pq";
  static final String HNSW = "hnsw-pq";
  static final String FLAT = "flat-pq";
  static final String SCAN = "scan-float";

  private static final int M = 16;
  private static final int BEAM = 100;

  private Candidates() {}

  /** From here on, peers' graphs take hours: only lists take part unless others are named. */
  private static final int HUGE = 2_000_000;

  /** From here on, what is slow and far from the bars takes part only if it is named. */
  private static final int LARGE = 500_000;

  private static final Pattern LISTS = Pattern.compile(IVF + ".*");
  private static final Pattern SIDESHOW =
      Pattern.compile("flat-sq8|flat-binary|hnsw-sq8|hnsw-binary|hnsw-pq-half|flat-pq-half");
  private static final Pattern MERGED = Pattern.compile(Pattern.quote(BASE) + "|" + IVF);

  /**
   * Who takes part on a set.
   *
   * @param named whole names; null for all that are sensible on a set of its size
   */
  static List<Candidate> on(VectorSet set, Pattern named) {
    int size = set.base().size();
    return all(set.codeBytes()).stream()
        .filter(
            candidate -> {
              String name = candidate.name();
              if (named != null) {
                return named.matcher(name).matches();
              }
              return size > HUGE
                  ? LISTS.matcher(name).matches()
                  : size < LARGE || !SIDESHOW.matcher(name).matches();
            })
        .toList();
  }

  /** Whose merges are measured. */
  static boolean isMerged(Candidate candidate, VectorSet set, Pattern named) {
    return candidate instanceof MergeableCandidate
        && candidate.side() != Candidate.Side.SCAN
        && (named != null
            || set.base().size() < LARGE
            || MERGED.matcher(candidate.name()).matches());
  }

  /**
   * All candidates, those of the bars first.
   *
   * @param codeBytes bytes of a code of ours where the name says nothing of them; half as many and,
   *     with 4 bits a code, as many again take part as well
   */
  private static List<Candidate> all(int codeBytes) {
    List<Candidate> all = new ArrayList<>();
    int half = Math.max(1, codeBytes / 2);
    all.add(ours(IVF, ivf(encoding(codeBytes, 8))));
    all.add(ours(HNSW, hnsw(encoding(codeBytes, 8))));
    all.add(ours(FLAT, new PqFlatVectorsFormat(encoding(codeBytes, 8))));
    all.add(peer(BASE, new Lucene99HnswVectorsFormat(M, BEAM), false));
    all.add(lucene("8bit", ScalarEncoding.UNSIGNED_BYTE));
    all.add(lucene("4bit", ScalarEncoding.PACKED_NIBBLE));
    all.add(lucene("2bit", ScalarEncoding.DIBIT_QUERY_NIBBLE));
    all.add(lucene("1bit", ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE));
    all.add(new JVectorCandidate("jvector-float", false));
    all.add(new JVectorCandidate("jvector-pq", true));
    all.add(
        new LuceneCandidate(
            SCAN, Candidate.Side.SCAN, new PqFlatVectorsFormat(PqEncoding.NONE), false, false));
    if (half < codeBytes) {
      all.add(ours(IVF + "-half", ivf(encoding(half, 8))));
      all.add(ours(HNSW + "-half", hnsw(encoding(half, 8))));
      all.add(ours(FLAT + "-half", new PqFlatVectorsFormat(encoding(half, 8))));
    }
    all.add(ours(IVF + "-4bit", ivf(encoding(2 * codeBytes, 4))));
    all.add(ours("hnsw-sq8", new SqHnswVectorsFormat(ScalarEncoding.UNSIGNED_BYTE, M, BEAM, 0)));
    all.add(
        ours(
            "hnsw-binary",
            new SqHnswVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE, M, BEAM, 0)));
    all.add(ours("flat-sq8", new SqFlatVectorsFormat(ScalarEncoding.UNSIGNED_BYTE)));
    all.add(ours("flat-binary", new SqFlatVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE)));
    return all;
  }

  private static PqEncoding encoding(int m, int bits) {
    return new PqEncoding(m, bits, PqEncoding.DEFAULT_MIN_VECTORS);
  }

  private static KnnVectorsFormat ivf(PqEncoding encoding) {
    return new AffinityIvfPqVectorsFormat(
        new IvfParameters(IvfParameters.AUTO, IvfParameters.AUTO, encoding));
  }

  private static KnnVectorsFormat hnsw(PqEncoding encoding) {
    return new AffinityHnswPqVectorsFormat(
        M, BEAM, AffinityHnswPqVectorsFormat.DEFAULT_GRAPH_THRESHOLD, encoding);
  }

  /**
   * Ours rescore what they find, if asked by a plain query; so Lucene's codes need it, ours not.
   */
  private static Candidate ours(String name, KnnVectorsFormat format) {
    boolean lossy = format instanceof SqHnswVectorsFormat || format instanceof SqFlatVectorsFormat;
    return new LuceneCandidate(name, Candidate.Side.OURS, format, false, lossy);
  }

  private static Candidate lucene(String name, ScalarEncoding encoding) {
    return peer(
        "lucene-hnsw-" + name,
        new Lucene104HnswScalarQuantizedVectorsFormat(encoding, M, BEAM),
        true);
  }

  private static Candidate peer(String name, KnnVectorsFormat format, boolean lossy) {
    return new LuceneCandidate(name, Candidate.Side.PEER, format, true, lossy);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.Objects;
import org.apache.lucene.search.knn.KnnSearchStrategy;

/**
 * One search of one segment, as its caller and the segment's format see it: what the query wants of
 * the format, and what the format says it did. A collector hands it through {@link
 * org.apache.lucene.search.KnnCollector#getSearchStrategy}.
 *
 * <p>It also tells a format that its caller rescores: approximate scores of the best k will do.
 * Without it our formats rescore themselves, so that plain Lucene queries get exact scores. For one
 * thread.
 */
public final class CandidateSearch extends KnnSearchStrategy.Hnsw {

  /** The method of formats that report nothing: Lucene's. */
  static final String GRAPH = "graph";

  private final int nprobes;
  private final boolean takesDocuments;
  private int[] documents;
  private String method = GRAPH;
  private int listsProbed;
  private long codesScanned;
  private long rescored;
  private boolean exactScores;
  private boolean reported;

  /**
   * @param filteredSearchThreshold percentage of eligible documents below which a graph search
   *     skips the others
   * @param nprobes most lists to scan, as long as they give enough; 0 is the format's own choice
   * @param takesDocuments whether candidates may be handed over with {@link #documents(int[])}
   */
  public CandidateSearch(int filteredSearchThreshold, int nprobes, boolean takesDocuments) {
    super(filteredSearchThreshold);
    if (nprobes < 0) {
      throw new IllegalArgumentException("nprobes must not be negative, got " + nprobes);
    }
    this.nprobes = nprobes;
    this.takesDocuments = takesDocuments;
  }

  /** Most lists to scan, as long as they give enough; 0 is the format's own choice. */
  public int nprobes() {
    return nprobes;
  }

  /** Whether a format may hand over its candidates at once instead of collecting them. */
  public boolean takesDocuments() {
    return takesDocuments;
  }

  /**
   * A format hands over its candidates, no more than the collector's k, in any order. It spares
   * those that have chosen already the collector's choice among them.
   *
   * @param found kept and changed
   */
  public void documents(int[] found) {
    if (!takesDocuments) {
      throw new IllegalStateException("candidates are to be collected");
    }
    documents = found;
  }

  /** Null if the format collected its candidates. */
  int[] documents() {
    return documents;
  }

  /**
   * A format says what its search did; called again, it adds to what was said. Formats that say
   * nothing count as a graph, with the visits of the collector.
   *
   * @param name of the method, as it shall stand in a profile: {@code ivf}, {@code flat}, {@code
   *     exact} …
   * @param lists inverted lists scanned
   * @param codes codes, or where there are none vectors, compared with the target
   * @param again candidates compared again by their raw vectors
   * @param exact every collected score is {@link VectorSpace#score} of {@link VectorSpace#signal},
   *     to the last bit, so the caller need not rescore
   */
  public void report(String name, int lists, long codes, long again, boolean exact) {
    method = Objects.requireNonNull(name);
    listsProbed += lists;
    codesScanned += codes;
    rescored += again;
    exactScores = exact;
    reported = true;
  }

  /** {@value #GRAPH} unless a format said otherwise. */
  public String method() {
    return method;
  }

  public int listsProbed() {
    return listsProbed;
  }

  public long codesScanned() {
    return codesScanned;
  }

  public long rescored() {
    return rescored;
  }

  /** Whether collected scores are final. */
  public boolean exactScores() {
    return exactScores;
  }

  boolean reported() {
    return reported;
  }

  /** Two searches are never the same: each has its own report. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.SynonymQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.util.SmallFloat;

/**
 * The pivot of a relevance query when the user gives none: the score the query would give a
 * document that has each of its terms once, in fields of average length. Such a document maps to
 * one half; repeated terms and short fields map above.
 *
 * <p>Sums follow the query: clauses of a boolean add up (must_not and filter add nothing), a
 * disjunction-max takes its best clause plus its tie breaker, boosts multiply, a constant score is
 * itself. The expansions of one word (fuzzy, synonyms) are alternatives: the best counts. Any other
 * query counts as what it rewrites to, and in the end with the sum over its terms, or with 1 if it
 * has none.
 *
 * <p>Made of term and collection statistics alone, so it does not depend on the documents found;
 * with {@code dfs_query_then_fetch} it is the same on every shard, else it is each shard's own, as
 * the relevance scores are.
 */
final class AutoPivot {

  private final IndexSearcher searcher;

  AutoPivot(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  /** The pivot of a query as the user gave it, not rewritten; above 0 and finite. */
  double of(Query query) throws IOException {
    double score = typicalScore(query);
    return score > 0 && Double.isFinite(score) ? score : 1;
  }

  private double typicalScore(Query query) throws IOException {
    return switch (query) {
      case TermQuery term -> typicalScore(term.getTerm());
      case BoostQuery boost -> boost.getBoost() * typicalScore(boost.getQuery());
      case ConstantScoreQuery constant -> 1;
      case BooleanQuery bool -> {
        double sum = 0;
        for (BooleanClause clause : bool) {
          sum += clause.isScoring() ? typicalScore(clause.query()) : 0;
        }
        yield sum;
      }
      case DisjunctionMaxQuery disjunction ->
          best(disjunction.getDisjuncts(), disjunction.getTieBreakerMultiplier());
      case SynonymQuery synonyms -> {
        double best = 0;
        for (Term term : synonyms.getTerms()) {
          best = Math.max(best, typicalScore(term));
        }
        yield best;
      }
      case MultiTermQuery expanded -> bestExpansion(searcher.rewrite(expanded));
      default -> {
        Query rewritten = searcher.rewrite(query);
        yield rewritten.equals(query) ? sumOfTerms(query) : typicalScore(rewritten);
      }
    };
  }

  private double bestExpansion(Query rewritten) throws IOException {
    if (!(rewritten instanceof BooleanQuery expansions)) {
      return typicalScore(rewritten);
    }
    double best = 0;
    for (BooleanClause expansion : expansions) {
      best = Math.max(best, typicalScore(expansion.query()));
    }
    return best;
  }

  private double best(Collection<Query> clauses, float tieBreaker) throws IOException {
    double best = 0;
    double sum = 0;
    for (Query clause : clauses) {
      double score = typicalScore(clause);
      best = Math.max(best, score);
      sum += score;
    }
    return best + tieBreaker * (sum - best);
  }

  private double sumOfTerms(Query query) throws IOException {
    Set<Term> terms = new HashSet<>();
    query.visit(QueryVisitor.termCollector(terms));
    if (terms.isEmpty()) {
      return 1;
    }
    // In one order, so that rounding is the same everywhere.
    List<Term> sorted = new ArrayList<>(terms);
    sorted.sort(null);
    double sum = 0;
    for (Term term : sorted) {
      sum += typicalScore(term);
    }
    return sum;
  }

  private double typicalScore(Term term) throws IOException {
    CollectionStatistics collection = searcher.collectionStatistics(term.field());
    TermStatistics statistics = statistics(term);
    if (collection == null || statistics == null) {
      return 0;
    }
    long averageLength = Math.max(1, collection.sumTotalTermFreq() / collection.docCount());
    byte norm = SmallFloat.intToByte4((int) Math.min(Integer.MAX_VALUE, averageLength));
    return searcher
        .getSimilarity()
        .scorer(1, collection, statistics)
        .score(1, Byte.toUnsignedLong(norm));
  }

  /**
   * Null for a term that no document has. A searcher with global statistics (dfs) knows terms that
   * this reader lacks; one without hands back what it is given, here a mark.
   */
  private TermStatistics statistics(Term term) throws IOException {
    TermStates states = TermStates.build(searcher, term, true);
    if (states.docFreq() > 0) {
      return searcher.termStatistics(term, states.docFreq(), states.totalTermFreq());
    }
    TermStatistics statistics = searcher.termStatistics(term, 1, Long.MAX_VALUE);
    return statistics.totalTermFreq() == Long.MAX_VALUE ? null : statistics;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.join.BitSetProducer;
import org.apache.lucene.search.join.ToChildBlockJoinQuery;
import org.opensearch.common.lucene.search.Queries;
import org.opensearch.index.mapper.FieldNamesFieldMapper;
import org.opensearch.index.mapper.IgnoredFieldMapper;
import org.opensearch.index.mapper.ObjectMapper;
import org.opensearch.index.mapper.RoutingFieldMapper;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;
import org.opensearch.index.query.support.NestedScope;
import org.opensearch.index.search.OpenSearchToParentBlockJoinQuery;

/**
 * Says of nested objects what a filter says of documents. Each condition holds on its own level: on
 * a field of the document (or of an object around), for all objects in it; on a field of the object
 * itself, written with or without {@code nested} around it, for that object; in another {@code
 * nested}, for all objects of documents that it matches. Conditions without a field, such as
 * scripts, see the object.
 */
final class NestedFilter {

  private final QueryShardContext context;
  private final NestingLevel level;

  /** Of the fields that OpenSearch adds, those that objects do not have. */
  private static final Set<String> ON_ROOT_ONLY =
      Set.of(RoutingFieldMapper.NAME, IgnoredFieldMapper.NAME);

  /**
   * @param level of the objects, not the root
   */
  NestedFilter(QueryShardContext context, NestingLevel level) {
    this.context = context;
    this.level = level;
  }

  /** A query for objects; null if the filter is no query. */
  Query toQuery(QueryBuilder filter) throws IOException {
    Query query = onDocuments(filter);
    return query == null ? null : onObjects(query);
  }

  /** The filter, made outside of any {@code nested}. */
  private Query onDocuments(QueryBuilder filter) throws IOException {
    NestedScope scope = context.nestedScope();
    BitSetProducer parents = context.getParentFilter();
    Deque<ObjectMapper> levels = new ArrayDeque<>();
    while (scope.getObjectMapper() != null) {
      levels.push(scope.previousLevel());
    }
    context.setParentFilter(null);
    try {
      return filter.toQuery(context);
    } finally {
      levels.forEach(scope::nextLevel);
      context.setParentFilter(parents);
    }
  }

  private Query onObjects(Query query) {
    Levels seen = new Levels();
    query.visit(seen);
    if (query instanceof OpenSearchToParentBlockJoinQuery join) {
      return seen.levels.contains(level)
          ? unjoined(join.getChildQuery())
          : ofAll(query, NestingLevel.ROOT);
    }
    if (!seen.joins && seen.levels.size() <= 1) {
      NestingLevel one = seen.levels.isEmpty() ? level : seen.levels.iterator().next();
      return one.holds(level) ? ofAll(query, one) : query;
    }
    return switch (query) {
      case BooleanQuery bool -> {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        builder.setMinimumNumberShouldMatch(bool.getMinimumNumberShouldMatch());
        for (BooleanClause clause : bool) {
          builder.add(onObjects(clause.query()), clause.occur());
        }
        yield builder.build();
      }
      case DisjunctionMaxQuery any -> {
        List<Query> queries = new ArrayList<>();
        for (Query one : any.getDisjuncts()) {
          queries.add(onObjects(one));
        }
        yield new DisjunctionMaxQuery(queries, any.getTieBreakerMultiplier());
      }
      case ConstantScoreQuery constant -> new ConstantScoreQuery(onObjects(constant.getQuery()));
      case BoostQuery boost -> new BoostQuery(onObjects(boost.getQuery()), boost.getBoost());
      default -> throw mixed(query);
    };
  }

  /** The condition of a join on objects themselves. */
  private Query unjoined(Query child) {
    Levels seen = new Levels();
    child.visit(seen);
    if (seen.joins) {
      throw mixed(child);
    }
    return child;
  }

  private QueryShardException mixed(Query query) {
    return new QueryShardException(
        context,
        "[filter] of [nearest] in [nested] has conditions on several levels in one part that cannot"
            + " be taken apart: ["
            + query
            + "]; put them side by side into a [bool], with a [nested] of the innermost path each");
  }

  /** All objects in the documents of another level that match. */
  private Query ofAll(Query query, NestingLevel of) {
    Query documents = of.documents(context);
    return new ToChildBlockJoinQuery(
        Queries.filtered(query, documents), context.bitsetFilter(documents));
  }

  /** The levels of the fields in a query. */
  private final class Levels extends QueryVisitor {
    private final Set<NestingLevel> levels = new HashSet<>();
    private boolean joins;

    @Override
    public boolean acceptField(String field) {
      if (ON_ROOT_ONLY.contains(field)) {
        levels.add(NestingLevel.ROOT);
      } else if (!field.startsWith("_") && context.fieldMapper(field) != null) {
        levels.add(NestingLevel.of(context, field));
      }
      return true;
    }

    @Override
    public void consumeTerms(Query query, Term... terms) {
      for (Term term : terms) {
        acceptField(term.field().equals(FieldNamesFieldMapper.NAME) ? term.text() : term.field());
      }
    }

    @Override
    public QueryVisitor getSubVisitor(BooleanClause.Occur occur, Query parent) {
      joins |= parent instanceof OpenSearchToParentBlockJoinQuery;
      return this;
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.affinity.ann.search.BlendQuery;
import org.affinity.ann.search.Precision;
import org.affinity.ann.search.ScoreFunction;
import org.apache.lucene.search.Query;
import org.opensearch.index.query.MatchAllQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.TermQueryBuilder;

public class BlendQueryBuilderTests extends AffinityQueryTestCase<BlendQueryBuilder> {

  @Override
  protected BlendQueryBuilder doCreateTestQueryBuilder() {
    QueryBuilder query =
        randomBoolean()
            ? new MatchAllQueryBuilder()
            : new TermQueryBuilder(TEXT_FIELD_NAME, randomAlphaOfLength(3));
    ScoreFunction function =
        randomFrom(
            List.<ScoreFunction>of(
                new ScoreFunction.AutoSaturation(),
                new ScoreFunction.Saturation(0.1 + randomDouble()),
                new ScoreFunction.Linear(0.1 + randomDouble()),
                new ScoreFunction.Log(0.1 + randomDouble()),
                new ScoreFunction.Identity()));
    List<AffinityClause> affinities = new ArrayList<>();
    for (int i = randomInt(2); i > 0; i--) {
      affinities.add(
          new AffinityClause(
              FIELD, randomVector(), randomDouble(), randomAffinityFunction(), randomDouble()));
    }
    List<PriorClause> priors = new ArrayList<>();
    for (int i = randomInt(2); i > 0; i--) {
      priors.add(
          new PriorClause(
              randomFrom(INT_FIELD_NAME, DOUBLE_FIELD_NAME),
              randomDouble(),
              new ScoreFunction.Saturation(1 + randomInt(50)),
              randomDouble()));
    }
    RecallClause recall =
        affinities.isEmpty() || randomBoolean()
            ? null
            : new RecallClause(
                FIELD,
                randomIntBetween(1, 100),
                randomBoolean() ? null : new TermQueryBuilder(TEXT_FIELD_NAME, "a"),
                new MethodParameters(randomBoolean() ? null : randomIntBetween(1, 500), null));
    return new BlendQueryBuilder(
        query,
        new RelevanceClause(randomDouble(), function),
        affinities,
        priors,
        recall,
        randomBoolean(),
        randomFrom(Precision.values()));
  }

  private static ScoreFunction randomAffinityFunction() {
    return switch (randomInt(2)) {
      case 0 -> null;
      case 1 -> new ScoreFunction.Sigmoid(0.1 + randomDouble());
      default -> new ScoreFunction.Identity();
    };
  }

  @Override
  protected void doAssertLuceneQuery(
      BlendQueryBuilder builder, Query query, QueryShardContext context) {
    assertThat(query, instanceOf(BlendQuery.class));
  }

  public void testShortFormHasDefaults() throws IOException {
    BlendQueryBuilder parsed =
        (BlendQueryBuilder)
            parseQuery(
                "{\"blend\": {\"query\": {\"match_all\": {}},"
                    + " \"affinities\": [{\"field\": \"taste\", \"vector\": [1,2,3]}]}}");
    AffinityClause affinity = new AffinityClause("taste", given(1, 2, 3), 1, null, 0);
    assertEquals(
        new BlendQueryBuilder(
            new MatchAllQueryBuilder(),
            new RelevanceClause(1, new ScoreFunction.AutoSaturation()),
            List.of(affinity),
            List.of(),
            null,
            false,
            Precision.EXACT),
        parsed);
  }

  public void testRefusesBadRequestsInWords() {
    assertRefused("{}", "Required [query]");
    assertRefused(
        "{\"query\": {\"match_all\": {}}, \"precision\": \"half\"}",
        "[precision] must be [exact] or [codes], got [half]");
    assertRefused("{\"query\": {\"match_all\": {}}, \"boots\": 1}", "unknown field [boots]");
    assertRefused(relevance("{\"weight\": -1}"), "[relevance.weight] must be a number from 0");
    assertRefused(
        relevance("{\"function\": {\"tanh\": {}}}"),
        "must be one of [linear, log, none, saturation], got [tanh]");
    assertRefused(
        relevance("{\"function\": {\"saturation\": {\"pivot\": 0}}}"),
        "[pivot] must be a finite number above 0");
    assertRefused(
        relevance("{\"function\": {\"saturation\": {\"piv\": 1}}}"),
        "does not support [piv]; it takes [pivot]");
    assertRefused(relevance("{\"function\": {\"linear\": {}}}"), "[linear] needs [max]");
    assertRefused(
        affinity("\"vector\": [1,2,3], \"weight\": -0.5"), "[affinities.weight] must be a number");
    assertRefused(affinity("\"weight\": 1"), "exactly one of [vector] and [from]");
    assertRefused(
        affinity("\"vector\": [1,2,3], \"function\": {\"saturation\": {\"pivot\": \"auto\"}}"),
        "[auto] for relevance only");
    assertRefused(prior("\"weight\": 1"), "function");
    assertRefused(
        prior("\"function\": {\"sigmoid\": {}}"), "must be one of [linear, log, saturation]");
    assertRefused(
        prior("\"weight\": -1, \"function\": {\"log\": {\"max\": 5}}"), "[priors.weight] must be");
    assertRefused(
        "{\"query\": {\"match_all\": {}}, \"recall\": {\"field\": \"taste\", \"k\": 5}}",
        "must be the field of one of the [affinities]");
  }

  public void testRefusesWhatTheMappingCannotBlend() {
    QueryShardContext context = createShardContext();
    assertShardRefuses(context, affinity("\"vector\": [1,2]"), "has [2] values");
    assertShardRefuses(context, affinity("\"vector\": [0,0,0]"), "zero vector");
    assertShardRefuses(
        context,
        "{\"query\": {\"match_all\": {}}, \"affinities\": [{\"field\": \"nope\", \"vector\": [1]}]}",
        "failed to find field [nope]");
    assertShardRefuses(
        context,
        "{\"query\": {\"match_all\": {}}, \"affinities\": [{\"field\": \"place\","
            + " \"vector\": [1,2], \"function\": {\"sigmoid\": {}}}]}",
        "a distance falls as likeness grows");
    assertShardRefuses(
        context,
        "{\"query\": {\"match_all\": {}}, \"priors\": [{\"field\": \""
            + TEXT_FIELD_NAME
            + "\", \"function\": {\"log\": {\"max\": 5}}}]}",
        "needs a numeric field");
    assertShardRefuses(
        context,
        "{\"query\": {\"match_all\": {}}, \"priors\": [{\"field\": \"nope\","
            + " \"function\": {\"log\": {\"max\": 5}}}]}",
        "failed to find field [nope]");
  }

  private static String relevance(String options) {
    return "{\"query\": {\"match_all\": {}}, \"relevance\": " + options + "}";
  }

  private static String affinity(String options) {
    return "{\"query\": {\"match_all\": {}}, \"affinities\": [{\"field\": \"taste\", "
        + options
        + "}]}";
  }

  private static String prior(String options) {
    return "{\"query\": {\"match_all\": {}}, \"priors\": [{\"field\": \"mapped_int\", "
        + options
        + "}]}";
  }

  private void assertRefused(String blend, String words) {
    assertMessage(
        expectThrows(Exception.class, () -> parseQuery("{\"blend\": " + blend + "}")), words);
  }

  private void assertShardRefuses(QueryShardContext context, String blend, String words) {
    assertMessage(
        expectThrows(
            Exception.class, () -> parseQuery("{\"blend\": " + blend + "}").toQuery(context)),
        words);
  }

  private static void assertMessage(Exception e, String words) {
    StringBuilder messages = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      messages.append(t.getMessage()).append('\n');
    }
    assertThat(messages.toString(), containsString(words));
  }
}

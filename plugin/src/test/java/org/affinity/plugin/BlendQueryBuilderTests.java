/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.affinity.ann.search.BlendQuery;
import org.affinity.ann.search.Precision;
import org.affinity.ann.search.ScoreFunction;
import org.apache.lucene.search.Query;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.xcontent.XContentParser;
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
    boolean limited = randomBoolean() && function.neverStopsRising();
    List<AffinityClause> affinities = new ArrayList<>();
    for (int i = randomInt(2); i > 0; i--) {
      affinities.add(
          new AffinityClause(
              FIELD,
              randomVector(),
              randomDouble(),
              randomAffinityFunction(),
              randomDouble(),
              randomConfidence(randomBoolean()),
              limited || randomBoolean() ? null : randomRecall()));
    }
    List<PriorClause> priors = new ArrayList<>();
    for (int i = randomInt(2); i > 0; i--) {
      boolean date = randomBoolean();
      priors.add(
          new PriorClause(
              date
                  ? randomFrom(DATE_FIELD_NAME, DATE_NANOS_FIELD_NAME)
                  : randomFrom(INT_FIELD_NAME, DOUBLE_FIELD_NAME),
              randomDouble(),
              date ? randomDateFunction() : randomNumberFunction(),
              randomDouble(),
              randomConfidence(true)));
    }
    RecallClause recall =
        limited || affinities.isEmpty() || randomBoolean() ? null : randomRecall();
    return new BlendQueryBuilder(
        query,
        new RelevanceClause(0.1 + randomDouble(), function),
        affinities,
        priors,
        recall,
        randomBoolean(),
        limited ? randomDouble() : null,
        randomFrom(Precision.values()));
  }

  private static RecallClause randomRecall() {
    return new RecallClause(
        FIELD,
        randomIntBetween(1, 100),
        randomBoolean() ? null : new TermQueryBuilder(TEXT_FIELD_NAME, "a"),
        new MethodParameters(randomBoolean() ? null : randomIntBetween(1, 500), null));
  }

  private static ConfidenceClause randomConfidence(boolean byField) {
    return randomBoolean()
        ? null
        : new ConfidenceClause(byField ? INT_FIELD_NAME : null, 0.1 + randomDouble());
  }

  private static PriorFunction randomNumberFunction() {
    return randomBoolean()
        ? new PriorFunction.Fixed(new ScoreFunction.Saturation(1 + randomInt(50)))
        : new PriorFunction.Decay(
            randomFrom(ScoreFunction.Decay.Curve.values()),
            Double.toString(randomDouble() - 0.5),
            Double.toString(0.1 + randomDouble()),
            randomBoolean() ? null : Double.toString(randomDouble()),
            0.1 + 0.8 * randomDouble());
  }

  /** With a fixed origin: one of the moment is no query to cache. */
  private static PriorFunction randomDateFunction() {
    return new PriorFunction.Decay(
        randomFrom(ScoreFunction.Decay.Curve.values()),
        randomFrom("2026-01-31", "2025-12-24T18:00:00Z||-7d/d", "1767225600000"),
        randomFrom("30d", "12h", "500ms"),
        randomBoolean() ? null : randomFrom("0d", "7d"),
        0.1 + 0.8 * randomDouble());
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
            null,
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
        prior("\"function\": {\"sigmoid\": {}}"),
        "must be one of [exp, gauss, linear, linear_decay, log, saturation], got [sigmoid]");
    assertRefused(
        prior("\"weight\": -1, \"function\": {\"log\": {\"max\": 5}}"), "[priors.weight] must be");
    assertRefused(
        "{\"query\": {\"match_all\": {}}, \"recall\": {\"field\": \"taste\", \"k\": 5}}",
        "must be the field of one of the [affinities]");
  }

  public void testRefusesBadLimitsInWords() {
    for (String bad : List.of("1", "1.5", "-0.1", "\"NaN\"", "1e400")) {
      assertRefused(
          "{\"query\": {\"match_all\": {}}, \"max_loss\": " + bad + "}",
          "[max_loss] must be a number from 0 to below 1, got [");
    }
    assertRefused(limited("\"relevance\": {\"weight\": 0}"), "needs [relevance.weight] above 0");
    assertRefused(
        limited("\"relevance\": {\"function\": {\"log\": {\"max\": 9}}}"),
        "stop rising at their [max]; use [saturation] or [none]");
    String vector = "\"affinities\": [{\"field\": \"taste\", \"vector\": [1,2,3]";
    assertRefused(
        limited(vector + "}], \"recall\": {\"field\": \"taste\", \"k\": 5}"),
        "[max_loss] and [recall] exclude each other");
    assertRefused(
        limited(vector + ", \"recall\": {\"k\": 5}}]"),
        "[max_loss] and [recall] exclude each other");
    for (String bad : List.of("0", "-1", "\"NaN\"", "1e400")) {
      assertRefused(
          affinity("\"vector\": [1,2,3], \"confidence\": {\"k\": " + bad + "}"),
          "[confidence.k] must be a finite number above 0, got [");
    }
    assertRefused(
        affinity("\"vector\": [1,2,3], \"confidence\": {\"evidence_field\": \"mapped_int\"}"),
        "Required [k]");
    assertRefused(
        prior("\"function\": {\"log\": {\"max\": 5}}, \"confidence\": {\"k\": 5}"),
        "[priors.confidence] needs an [evidence_field]: a prior has no reference to count");
    assertRefused(
        affinity("\"vector\": [1,2,3], \"recall\": {\"field\": \"taste\", \"k\": 5}"),
        "unknown field [field]");
    assertRefused(affinity("\"vector\": [1,2,3], \"recall\": {\"k\": 0}"), "[k] must be");
    assertRefused(
        "{\"query\": {\"match_all\": {}}, \"priors\": ["
            + String.join(
                ",",
                Collections.nCopies(
                    101, "{\"field\": \"mapped_int\", \"function\": {\"log\": {\"max\": 5}}}"))
            + "]}",
        "[priors] may be at most 100, got 101");
  }

  public void testRefusesBadFunctionsInWords() {
    for (String bad : List.of("0", "-1", "\"NaN\"", "1e400")) {
      for (String function : List.of("{\"saturation\": {\"pivot\": ", "{\"log\": {\"max\": ")) {
        assertRefused(
            relevance("{\"function\": " + function + bad + "}}}"),
            "must be a finite number above 0, got [");
      }
      assertRefused(
          affinity("\"vector\": [1,2,3], \"function\": {\"sigmoid\": {\"scale\": " + bad + "}}"),
          "[scale] must be a finite number above 0, got [");
    }
    for (String bad : List.of("-1", "1000001", "\"NaN\"", "1e400", "-1e400")) {
      assertRefused(relevance("{\"weight\": " + bad + "}"), "[relevance.weight] must be a number");
      assertRefused(
          affinity("\"vector\": [1,2,3], \"weight\": " + bad),
          "[affinities.weight] must be a number");
      assertRefused(
          affinity("\"vector\": [1,2,3], \"missing\": " + bad),
          "[affinities.missing] must be a number");
    }
    assertRefused(
        relevance("{\"function\": {\"saturation\": {\"pivot\": \"high\"}}}"),
        "[pivot] must be a number above 0, got [high]");
    assertRefused(
        relevance("{\"function\": {\"saturation\": {\"pivot\": [1]}}}"),
        "[pivot] must be a number above 0, got [START_ARRAY]");
    assertRefused(
        relevance("{\"function\": {\"saturation\": {\"pivot\": true}}}"),
        "[pivot] must be a number above 0, got [VALUE_BOOLEAN]");
    assertRefused(
        relevance("{\"function\": {\"linear\": {\"max\": \"auto\"}}}"),
        "[max] must be a number above 0, got [auto]");
    assertRefused(
        relevance("{\"function\": {\"none\": {}, \"log\": {\"max\": 1}}}"),
        "[function] must be an object with one function");
    assertRefused(relevance("{\"function\": {}}"), "must be an object with one function");
    assertRefused(
        prior("\"function\": {\"linear\": {\"origin\": 1, \"scale\": 2}}"),
        "[linear] does not support [origin]; it takes [max]; the decay is [linear_decay]");
    assertRefused(prior("\"function\": {\"gauss\": {\"origin\": 1}}"), "Required [scale]");
    assertRefused(
        prior("\"function\": {\"gauss\": {\"origin\": 1, \"scale\": 2, \"width\": 3}}"),
        "unknown field [width]");
    for (String bad : List.of("0", "1", "-0.5", "\"NaN\"")) {
      assertRefused(
          prior("\"function\": {\"exp\": {\"scale\": 2, \"decay\": " + bad + "}}"),
          "[exp.decay] must be a number above 0 and below 1, got [");
    }
    assertRefused(
        prior("\"function\": {\"gauss\": {\"scale\": 2}, \"exp\": {\"scale\": 2}}"),
        "[function] must be an object with one function");
  }

  public void testADecayTakesTheNumbersOfItsField() throws IOException {
    QueryShardContext context = createShardContext();
    assertDecays(
        context,
        INT_FIELD_NAME,
        "{\"linear_decay\": {\"origin\": -3, \"scale\": 1.5, \"offset\": 1, \"decay\": 0.25}}",
        new ScoreFunction.Decay(ScoreFunction.Decay.Curve.LINEAR, -3, 1.5, 1, 0.25));
    long moment = Instant.parse("2026-01-31T00:00:00Z").toEpochMilli();
    long day = 24 * 60 * 60 * 1000;
    for (String field : List.of(DATE_FIELD_NAME, DATE_NANOS_FIELD_NAME)) {
      assertDecays(
          context,
          field,
          "{\"gauss\": {\"origin\": \"2026-01-31T07:30:00Z||/d\", \"scale\": \"30d\","
              + " \"offset\": \"12h\"}}",
          new ScoreFunction.Decay(
              ScoreFunction.Decay.Curve.GAUSS, moment, 30 * day, day / 2.0, 0.5));
    }
    assertTrue(context.isCacheable());
  }

  public void testADecayFromNowHasTheRequestsClockAndIsNotCached() throws IOException {
    QueryShardContext context = createShardContext();
    long now = context.nowInMillis();
    for (String origin : List.of("", "\"origin\": \"now\", ")) {
      QueryShardContext fresh = createShardContext();
      assertTrue(fresh.isCacheable());
      assertDecays(
          fresh,
          DATE_FIELD_NAME,
          "{\"exp\": {" + origin + "\"scale\": \"7d\"}}",
          new ScoreFunction.Decay(
              ScoreFunction.Decay.Curve.EXP, now, 7 * 24 * 60 * 60 * 1000, 0, 0.5));
      assertFalse(fresh.isCacheable());
    }
  }

  private void assertDecays(
      QueryShardContext context, String field, String function, ScoreFunction expected)
      throws IOException {
    XContentParser parser =
        createParser(
            JsonXContent.jsonXContent,
            "{\"field\": \"" + field + "\", \"function\": " + function + "}");
    assertEquals(expected, PriorClause.parse(parser).toPrior(context, false).function());
  }

  public void testRefusesADecayThatDoesNotFitItsField() {
    QueryShardContext context = createShardContext();
    assertDecayRefused(
        context,
        INT_FIELD_NAME,
        "\"scale\": 1",
        "[gauss.origin] of field [mapped_int] of type"
            + " [integer] must be a finite number, got [null]");
    for (String bad : List.of("0", "-1", "\"NaN\"", "1e400")) {
      assertDecayRefused(
          context,
          INT_FIELD_NAME,
          "\"origin\": 1, \"scale\": " + bad,
          "[gauss.scale] of field [mapped_int] of type [integer] must be a finite number above 0");
    }
    assertDecayRefused(
        context,
        INT_FIELD_NAME,
        "\"origin\": 1, \"scale\": \"30d\"",
        "must be a finite number above 0, got [30d]");
    assertDecayRefused(
        context,
        INT_FIELD_NAME,
        "\"origin\": \"1-2\", \"scale\": 1",
        "must be a finite number, got [1-2]");
    assertDecayRefused(
        context,
        INT_FIELD_NAME,
        "\"origin\": 1, \"scale\": 1, \"offset\": -1",
        "[gauss.offset] of field [mapped_int] of type [integer] must be a finite number from 0");
    for (String bad : List.of("\"0d\"", "\"-1\"", "0")) {
      assertDecayRefused(
          context,
          DATE_FIELD_NAME,
          "\"scale\": " + bad,
          "[gauss.scale] of field [mapped_date] of type [date] must be a length of time");
    }
    assertDecayRefused(
        context,
        DATE_FIELD_NAME,
        "\"scale\": 30",
        "must be a length of time such as [30d], got [30]");
    assertDecayRefused(
        context,
        DATE_FIELD_NAME,
        "\"origin\": \"yesterday\", \"scale\": \"30d\"",
        "must be a date such as [now-7d], got [yesterday]");
    assertShardRefuses(
        context,
        "{\"query\": {\"match_all\": {}}, \"affinities\": [{\"field\": \"taste\", \"vector\":"
            + " [1,2,3], \"confidence\": {\"evidence_field\": \""
            + TEXT_FIELD_NAME
            + "\", \"k\": 1}}]}",
        "[confidence.evidence_field] needs a numeric field");
    assertShardRefuses(
        context,
        "{\"query\": {\"match_all\": {}}, \"affinities\": [{\"field\": \"taste\", \"vector\":"
            + " [1,2,3], \"confidence\": {\"evidence_field\": \"nope\", \"k\": 1}}]}",
        "failed to find field [nope]");
  }

  private void assertDecayRefused(
      QueryShardContext context, String field, String parameters, String words) {
    assertShardRefuses(
        context,
        "{\"query\": {\"match_all\": {}}, \"priors\": [{\"field\": \""
            + field
            + "\", \"function\": {\"gauss\": {"
            + parameters
            + "}}}]}",
        words);
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

  private static String limited(String options) {
    return "{\"query\": {\"match_all\": {}}, \"max_loss\": 0.2, " + options + "}";
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

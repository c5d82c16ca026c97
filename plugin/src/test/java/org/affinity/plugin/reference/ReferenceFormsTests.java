/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.affinity.ann.search.VectorSpace;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.action.get.GetResponse;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.common.Strings;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.get.GetResult;
import org.opensearch.index.query.BaseQueryRewriteContext;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.test.OpenSearchTestCase;

/** Each form by itself: what it asks for, and what it makes of what is brought. */
public class ReferenceFormsTests extends OpenSearchTestCase {

  private static final long NOW = 1_000L * 24 * 3_600_000;
  private static final long DAY = 24 * 3_600_000L;

  private final Fetched fetched = new Fetched();
  private final Knowledge known = new Knowledge(fetched, NOW, ReferenceLimits.of(Settings.EMPTY));

  private ReferenceForm parse(String json) throws IOException {
    try (XContentParser parser = createParser(JsonXContent.jsonXContent, json)) {
      parser.nextToken();
      return ((ReferenceForm) VectorReference.parseFrom(parser))
          .withDefaults("taste", Missing.NEUTRAL);
    }
  }

  private static StoredVector book(String id) {
    return new StoredVector("books", id, null, "taste");
  }

  private void put(String id, float... vector) {
    fetched.put(book(id), new Fetched.Found<>(vector, "book " + id));
  }

  private void lack(String id) {
    fetched.put(book(id), new Fetched.Missing<>("no " + id));
  }

  private Step.Found found(String json) throws Exception {
    Step step = parse(json).step(known);
    assertTrue(step.toString(), step instanceof Step.Found);
    return (Step.Found) step;
  }

  private static void assertVector(float[] vector, double... expected) {
    assertEquals(expected.length, vector.length);
    for (int i = 0; i < vector.length; i++) {
      assertEquals("at " + i, expected[i], vector[i], 1e-6);
    }
  }

  public void testLikesAreAWeightedMeanLessTheDislikes() throws Exception {
    String json =
        "{\"likes\": [\"a\", {\"id\": \"b\", \"weight\": 3}], \"dislikes\": [{\"id\": \"c\","
            + " \"weight\": 2}, \"x\"], \"index\": \"books\"}";
    assertEquals(
        Set.of(book("a"), book("b"), book("c"), book("x")),
        ((Step.Needs) parse(json).step(known)).parts());
    put("a", 4, 0);
    put("b", 0, 8);
    put("c", 2, 2);
    lack("x");
    Step.Found found = found(json);
    assertVector(found.taste().values().get(0), 0, 5);
    // Under cosine every item counts by its direction.
    double r = 1 / Math.sqrt(2);
    assertVector(found.taste().in(VectorSpace.COSINE).get(0), (1 - 2 * r) / 4, (3 - 2 * r) / 4);
    assertEquals(new Usage(3, 1, 0), found.usage());
    assertEquals("likes and dislikes: 3 of 4 items of [books]", found.origin());
    VectorReference.Given given =
        new VectorReference.Given(found.taste(), found.origin(), found.usage());
    assertEquals(3, given.evidence());
    Exception e =
        expectThrows(IllegalArgumentException.class, () -> given.targets(2, VectorSpace.L2));
    assertThat(e.getMessage(), containsString("negative weights need"));
    e =
        expectThrows(
            IllegalArgumentException.class, () -> given.targets(3, VectorSpace.INNER_PRODUCT));
    assertThat(e.getMessage(), containsString("[2] values, the mapping says [dimension: 3]"));
  }

  public void testAgeHalvesAWeight() throws Exception {
    put("a", 1, 0);
    put("b", 0, 1);
    Step.Found found =
        found(
            "{\"likes\": [{\"id\": \"a\", \"age\": \"28d\"}, \"b\"], \"index\": \"books\","
                + " \"half_life\": \"14d\"}");
    assertVector(found.taste().values().get(0), 0.2, 0.8);
  }

  public void testWhatCancelsOutIsMissing() throws Exception {
    put("a", 1, 2);
    put("b", 2, 4);
    assertNone("{\"likes\": [\"a\"], \"dislikes\": [\"a\"], \"index\": \"books\"}", "no items");
    assertNone(
        "{\"likes\": [\"b\"], \"dislikes\": [{\"id\": \"a\", \"weight\": 2}], \"index\":"
            + " \"books\"}",
        "cancel out");
    assertNone("{\"likes\": [], \"index\": \"books\"}", "likes: no items");
    lack("x");
    assertNone("{\"likes\": [\"x\"], \"index\": \"books\"}", "0 of 1 items of [books]");
    // Opposite likes are a place, though no direction.
    put("c", -1, -2);
    Step.Found found = found("{\"likes\": [\"a\", \"c\"], \"index\": \"books\"}");
    VectorReference.Given given =
        new VectorReference.Given(found.taste(), found.origin(), found.usage());
    assertNull(given.targets(2, VectorSpace.COSINE));
    assertVector(given.targets(2, VectorSpace.L2).get(0), 0, 0);
  }

  private void assertNone(String json, String words) throws Exception {
    Step step = parse(json).step(known);
    assertTrue(step.toString(), step instanceof Step.None);
    assertThat(((Step.None) step).reason(), containsString(words));
    ReferenceForm strict =
        parse(json.substring(0, json.length() - 1) + ", \"missing\": \"error\"}");
    Exception e = expectThrows(Exception.class, () -> strict.step(known));
    assertThat(e.getMessage(), containsString(words));
    assertThat(e.getMessage(), containsString("use [missing: neutral]"));
  }

  public void testItemsOfTwoDimensionsAreRefused() throws Exception {
    put("a", 1, 2);
    put("b", 1, 2, 3);
    ReferenceForm likes = parse("{\"likes\": [\"a\", \"b\"], \"index\": \"books\"}");
    Exception e = expectThrows(IllegalArgumentException.class, () -> likes.step(known));
    assertThat(e.getMessage(), containsString("book b has [3] values, book a has [2]"));
  }

  private void events(String path, String source) throws IOException {
    events(path, source, EventNames.DEFAULT, known.limits().maxEvents());
  }

  private void events(String path, String source, EventNames names, int max) throws IOException {
    StoredEvents stored = new StoredEvents("readers", "ann", null, path, names, max);
    GetResponse response =
        new GetResponse(
            new GetResult(
                "readers", "ann", 0, 1, 1, true, new BytesArray(source), Map.of(), Map.of()));
    fetched.put(stored, stored.read(response));
  }

  private static String history(String more) {
    return "{\"history\": {\"index\": \"readers\", \"id\": \"ann\", \"path\": \"events\","
        + " \"items\": {\"index\": \"books\"}"
        + more
        + "}}";
  }

  public void testHistoryWeighsActionsByAge() throws Exception {
    events(
        "events",
        "{\"other\": [{\"item\": \"z\"}], \"events\": ["
            + event("a", "view", NOW - 14 * DAY)
            + ","
            + event("b", "purchase", NOW)
            + ","
            + event("c", "return", NOW - 28 * DAY)
            + ","
            + event("a", "view", NOW - 14 * DAY)
            + ","
            + event("d", "impression", NOW)
            + ", {\"item\": \"e\", \"action\": \"view\"}, {\"action\": \"view\", \"time\": 1}]}");
    String json =
        history(
            ", \"weights\": {\"view\": 1, \"purchase\": 5, \"return\": -4}, \"half_life\":"
                + " \"14d\"");
    assertEquals(
        Set.of(book("a"), book("b"), book("c")), ((Step.Needs) parse(json).step(known)).parts());
    put("a", 6, 0);
    put("b", 0, 6);
    put("c", 6, 6);
    // a: 2 views of a half, b: 5, c: a quarter of -4
    Step.Found found = found(json);
    assertVector(found.taste().values().get(0), (6 - 6) / 6.0, (30 - 6) / 6.0);
    assertEquals(new Usage(3, 2, 0), found.usage());
    assertEquals(
        "history [events] of document [readers/ann]: 3 of 3 items of [books]", found.origin());
  }

  private static String event(String item, String action, long time) {
    return "{\"item\": \"" + item + "\", \"action\": \"" + action + "\", \"time\": " + time + "}";
  }

  public void testLastTakesTheNewestThatCount() throws Exception {
    put("a", 1, 0);
    put("b", 0, 1);
    put("c", 3, 3);
    events(
        "events",
        "{\"events\": ["
            + event("b", "view", NOW)
            + ","
            + event("c", "noise", NOW)
            + ","
            + event("a", "view", NOW - 1)
            + ",{\"item\": \"c\", \"action\": \"view\"}]}");
    String weights = ", \"weights\": {\"view\": 1}";
    assertVector(found(history(weights + ", \"last\": 1")).taste().values().get(0), 0, 1);
    assertVector(found(history(weights + ", \"last\": 2")).taste().values().get(0), 0.5, 0.5);
    assertVector(found(history(weights)).taste().values().get(0), 4 / 3.0, 4 / 3.0);
  }

  public void testBareIdsAreEventsInOrder() throws Exception {
    put("1", 1, 0);
    put("2", 0, 1);
    events("events", "{\"events\": [2, \"1\", null]}");
    assertVector(found(history("")).taste().values().get(0), 0.5, 0.5);
    assertVector(found(history(", \"last\": 1")).taste().values().get(0), 1, 0);
  }

  public void testEventsCanHaveOtherNamesAndStandDeeper() throws Exception {
    put("a", 1, 0);
    put("b", 0, 1);
    EventNames names = new EventNames("product.id", "type", "at");
    String source =
        "{\"log\": {\"sessions\": [{\"events\": [{\"product\": {\"id\": \"a\"}, \"type\": \"v\","
            + " \"at\": \"1970-01-01\"}]}, {\"events\": {\"product\": {\"id\": \"b\"}, \"type\":"
            + " \"v\", \"at\": \"1970-01-02T00:00:00Z\"}}]}}";
    events("log.sessions.events", source, names, known.limits().maxEvents());
    Step.Found found =
        found(
            "{\"history\": {\"index\": \"readers\", \"id\": \"ann\", \"path\":"
                + " \"log.sessions.events\", \"items\": {\"index\": \"books\"}, \"event\":"
                + " {\"item\": \"product.id\", \"action\": \"type\", \"time\": \"at\"},"
                + " \"half_life\": \"1d\", \"weights\": {\"v\": 2}}}");
    assertVector(found.taste().values().get(0), 1 / 3.0, 2 / 3.0);
  }

  public void testTooLongAListNamesTheSetting() {
    Exception e =
        expectThrows(
            IllegalArgumentException.class,
            () -> events("events", "{\"events\": [1, 2, 3]}", EventNames.DEFAULT, 2));
    assertThat(e.getMessage(), containsString("plugins.affinity.reference.max_events"));
    e =
        expectThrows(
            IllegalArgumentException.class, () -> events("events", "{\"events\": [true]}"));
    assertThat(e.getMessage(), containsString("must name a list of events or ids"));
  }

  public void testInterestsAreTheMeansOfGroups() throws Exception {
    StringBuilder ids = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      double angle = (i % 2 == 0 ? 0.1 : 1.4) + 0.01 * i / 2;
      int length = 1 + i % 3;
      put("i" + i, (float) (length * Math.cos(angle)), (float) (length * Math.sin(angle)));
      ids.append(i == 0 ? "" : ",").append("\"i").append(i).append('"');
    }
    events("events", "{\"events\": [" + ids + "]}");
    Step.Found found = found(history(", \"interests\": 2"));
    List<float[]> directions = found.taste().in(VectorSpace.COSINE);
    assertEquals(2, directions.size());
    for (int group = 0; group < 2; group++) {
      double x = 0;
      double y = 0;
      for (int i = group; i < 20; i += 2) {
        double angle = (group == 0 ? 0.1 : 1.4) + 0.01 * i / 2;
        x += Math.cos(angle) / 10;
        y += Math.sin(angle) / 10;
      }
      double[] mean = {x, y};
      assertTrue(
          directions.stream()
              .anyMatch(v -> Math.abs(v[0] - mean[0]) + Math.abs(v[1] - mean[1]) < 1e-5));
    }
    assertEquals(found, found(history(", \"interests\": 2")));
    assertEquals(1, found(history("")).taste().values().size());
  }

  public void testThereAreNoMoreInterestsThanDifferentItems() {
    List<ItemMean.Item> items = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      items.add(new ItemMean.Item(new float[] {i % 2, 1}, 1 + i));
    }
    items.add(new ItemMean.Item(new float[] {0.9f, 1}, -1));
    List<List<ItemMean.Item>> groups = Interests.of(items, 5);
    assertEquals(2, groups.size());
    for (List<ItemMean.Item> group : groups) {
      boolean right = group.get(0).vector()[0] == 1;
      assertEquals("the disliked joins the nearest", right ? 4 : 3, group.size());
    }
    List<ItemMean.Item> disliked = List.of(new ItemMean.Item(new float[] {1, 0}, -2));
    assertEquals(List.of(disliked), Interests.of(disliked, 3));
    assertVector(ItemMean.of(disliked, 3).values().get(0), -1, 0);
  }

  public void testSumAddsWhatIsThere() throws Exception {
    put("a", 3, 4);
    put("b", 0, 2);
    lack("x");
    String json =
        "{\"sum\": [{\"weight\": 2, \"from\": "
            + document("a")
            + "}, {\"weight\": 0.5, \"from\": "
            + document("b")
            + "}, {\"weight\": 9, \"from\": "
            + document("x")
            + "}, {\"weight\": 0.1, \"vector\": [10, 0]}]}";
    Step.Found found = found(json);
    assertVector(found.taste().values().get(0), 7, 9);
    assertVector(found.taste().in(VectorSpace.COSINE).get(0), 1.2 + 0.1, 1.6 + 0.5);
    assertEquals(3, found.usage().items());
    assertThat(found.origin(), containsString("2.0 * book a + 0.5 * book b"));
    assertThat(found.origin(), containsString("without [no x]"));
    assertNone("{\"sum\": [{\"weight\": 1, \"from\": " + document("x") + "}]}", "no part");
    assertNone(
        "{\"sum\": [{\"from\": "
            + document("a")
            + "}, {\"weight\": -1, \"from\": "
            + document("a")
            + "}]}",
        "cancel out");
  }

  private static String document(String id) {
    return "{\"document\": {\"index\": \"books\", \"id\": \"" + id + "\"}}";
  }

  public void testFirstOfAsksForAllRungsAndTakesTheFirst() throws Exception {
    String json =
        "{\"first_of\": ["
            + document("x")
            + ", "
            + document("b")
            + ", {\"likes\": [\"c\"], \"index\": \"books\"}]}";
    assertEquals(
        Set.of(book("x"), book("b"), book("c")), ((Step.Needs) parse(json).step(known)).parts());
    lack("x");
    put("b", 1, 2);
    // Why a rung that is not needed cannot be had is nobody's concern.
    fetched.put(book("c"), new Fetched.Failed<>(new IllegalStateException("gone")));
    Step.Found found = found(json);
    assertVector(found.taste().values().get(0), 1, 2);
    assertEquals(new Usage(1, 0, 2), found.usage());
    assertEquals("rung 2 of 3, book b", found.origin());
    lack("b");
    ReferenceForm form = parse(json);
    expectThrows(IllegalStateException.class, () -> form.step(known));
    lack("c");
    assertNone(json, "none of the chain: no x; no b");
    ReferenceForm strict =
        parse(
            "{\"first_of\": [{\"document\": {\"index\": \"books\", \"id\": \"x\"}, \"missing\":"
                + " \"error\"}, "
                + document("b")
                + "]}");
    Exception e = expectThrows(Exception.class, () -> strict.step(known));
    assertThat(e.getMessage(), containsString("[from] no x"));
  }

  public void testAPartWithoutDirectionAddsNothing() throws Exception {
    put("z", 0, 0);
    put("a", 1, 2);
    put("b", 2, 4);
    for (String part :
        List.of(
            "{\"sum\": [{\"from\": {\"sum\": [{\"vector\": [1, 0]}, {\"weight\": -1,"
                + " \"vector\": [2, 0]}]}}]}",
            "{\"likes\": [\"z\"], \"index\": \"books\"}",
            "{\"likes\": [\"a\"], \"dislikes\": [\"b\"], \"index\": \"books\"}")) {
      String from = "{\"from\": " + part + "}";
      Step.Found beside = found("{\"sum\": [" + from + ", {\"vector\": [0, 3]}]}");
      assertVector(beside.taste().in(VectorSpace.COSINE).get(0), 0, 1);
      Step.Found alone = found("{\"sum\": [" + from + "]}");
      assertEquals(List.of(), alone.taste().in(VectorSpace.COSINE));
      VectorReference.Given strict =
          new VectorReference.Given(alone.taste(), "it", alone.usage(), Missing.ERROR);
      Exception e =
          expectThrows(IllegalArgumentException.class, () -> strict.targets(2, VectorSpace.COSINE));
      assertThat(e.getMessage(), containsString("it has no direction"));
      assertNotNull(strict.targets(2, VectorSpace.INNER_PRODUCT));
    }
  }

  public void testWhatIsLeftOfASumByRoundingIsNothing() throws Exception {
    String thirds =
        "{\"sum\": [{\"weight\": 0.1, \"vector\": [3, 1]}, {\"weight\": 0.2, \"vector\": [3, 1]},"
            + " {\"weight\": -0.3, \"vector\": [3, 1]}]}";
    assertNone(thirds, "cancel out");
  }

  public void testOldEventsCountAsMuchAsTheirAgesDiffer() throws Exception {
    put("a", 1, 0);
    put("b", 0, 1);
    long old = NOW - 60 * DAY;
    events(
        "events",
        "{\"events\": ["
            + event("a", "view", old)
            + ","
            + event("b", "view", old - 3_600_000)
            + "]}");
    assertVector(
        found(history(", \"half_life\": \"1h\"")).taste().values().get(0), 2 / 3.0, 1 / 3.0);
    assertVector(
        found(
                "{\"likes\": [{\"id\": \"a\", \"age\": \"60d\"}, {\"id\": \"b\", \"age\": \"61d\"}],"
                    + " \"half_life\": \"1d\", \"index\": \"books\"}")
            .taste()
            .values()
            .get(0),
        2 / 3.0,
        1 / 3.0);
  }

  public void testAnOldViewAndANewReturnStayNumbers() throws Exception {
    put("a", 1, 0);
    put("b", 0, 1);
    for (long days : new long[] {3, 900}) {
      events(
          "events",
          "{\"events\": ["
              + event("a", "view", NOW - days * DAY)
              + ","
              + event("b", "return", NOW)
              + "]}");
      Step.Found found =
          found(history(", \"half_life\": \"1h\", \"weights\": {\"view\": 1, \"return\": -3}"));
      VectorReference.Given given =
          new VectorReference.Given(found.taste(), found.origin(), found.usage());
      for (VectorSpace space : List.of(VectorSpace.COSINE, VectorSpace.INNER_PRODUCT)) {
        assertVector(given.targets(2, space).get(0), 0, -1e6);
      }
    }
  }

  public void testAVectorThatIsNoNumberIsRefused() {
    VectorReference.Given given = new VectorReference.Given(new float[] {Float.NaN, 1}, "a vector");
    for (VectorSpace space : VectorSpace.values()) {
      Exception e = expectThrows(IllegalArgumentException.class, () -> given.targets(2, space));
      assertThat(e.getMessage(), containsString("holds [NaN] at position [0]"));
    }
  }

  public void testEmptyIdsAreNobody() throws Exception {
    events("events", "{\"events\": [{\"item\": \"\"}, \"\", \"a\", \"a\"]}");
    assertEquals(Set.of(book("a")), ((Step.Needs) parse(history("")).step(known)).parts());
    put("a", 1, 0);
    assertEquals(new Usage(1, 2, 0), found(history("")).usage());
    assertEquals(
        new Usage(1, 1, 0), found("{\"likes\": [\"\", \"a\"], \"index\": \"books\"}").usage());
    assertNone(document(""), "no document has an empty id");
    assertNone(
        "{\"history\": {\"index\": \"readers\", \"id\": \"\", \"path\": \"events\","
            + " \"items\": {\"index\": \"books\"}}}",
        "no document has an empty id");
  }

  public void testAnExtIsWrittenAsItWasAsked() throws IOException {
    for (String json : List.of("{\"references\": true}", "{\"references\": false}")) {
      try (XContentParser parser = createParser(JsonXContent.jsonXContent, json)) {
        parser.nextToken();
        assertEquals(
            "{\"affinity\":" + json.replace(" ", "") + "}",
            Strings.toString(MediaTypeRegistry.JSON, AffinityExt.parse(parser)));
      }
    }
  }

  /** A percolator parses the query it stores so, in the thread that writes. */
  public void testOnlyACoordinatingNodeFetches() throws IOException {
    QueryRewriteContext elsewhere =
        new BaseQueryRewriteContext(xContentRegistry(), writableRegistry(), null, () -> NOW);
    ReferenceForm form = parse(document("a"));
    assertSame(form, form.rewrite(elsewhere));
    assertFalse(elsewhere.hasAsyncActions());
    assertThat(form.unresolved().getMessage(), containsString("use [vector] there"));
  }

  public void testRefusesNonsense() {
    assertRefused("{}", "exactly one of [document]");
    assertRefused("{\"likes\": [\"a\"]}", "need the [index]");
    assertRefused("{\"likes\": [\"a\"], \"index\": \"b\", \"history\": {}}", "Required");
    assertRefused(
        "{\"likes\": [\"a\"], \"index\": \"b\", \"sum\": [{\"vector\": [1]}]}", "[likes, sum]");
    assertRefused("{\"sum\": [{\"vector\": [1]}], \"half_life\": \"1d\"}", "[from.half_life]");
    assertRefused("{\"likes\": [null], \"index\": \"b\"}", "not an id");
    assertRefused("{\"likes\": [{\"id\": 1, \"weight\": \"NaN\"}], \"index\": \"b\"}", "[NaN]");
    assertRefused("{\"likes\": [{\"id\": 1, \"weight\": -1}], \"index\": \"b\"}", "[dislikes]");
    assertRefused(
        "{\"likes\": [{\"id\": 1, \"age\": \"3d\"}], \"index\": \"b\"}", "only with a [half_life]");
    assertRefused("{\"likes\": [{\"id\": 1, \"old\": 3}], \"index\": \"b\"}", "[old]");
    assertRefused("{\"likes\": [1], \"index\": \"b\", \"half_life\": \"0s\"}", "more than 0");
    assertRefused("{\"likes\": [1], \"index\": \"b\", \"half_life\": 14}", "such as [14d]");
    assertRefused("{\"likes\": [1], \"index\": \"b\", \"half_life\": \"-1\"}", "negative");
    assertRefused(history(", \"interests\": 0"), "[interests] must be at least 1");
    assertRefused(history(", \"last\": 0"), "[last] must be at least 1");
    assertRefused(history(", \"weights\": {\"view\": \"Infinity\"}"), "[weights.view]");
    assertRefused(history(", \"weights\": {\"view\": [1]}"), "actions to numbers");
    assertRefused(history(", \"wait\": 1"), "[wait]");
    assertRefused(history(", \"event\": {\"item\": \"time\"}"), "three different members");
    assertRefused(
        history(", \"event\": {\"item\": \"ref\", \"action\": \"ref.kind\"}"),
        "none inside another");
    for (String tooShort : List.of("500micros", "1nanos")) {
      assertRefused(
          "{\"likes\": [1], \"index\": \"b\", \"half_life\": \"" + tooShort + "\"}",
          "at least [1ms]");
    }
    assertRefused("{\"sum\": []}", "at least one part");
    assertRefused("{\"sum\": [{\"weight\": 0, \"vector\": [1]}]}", "other than 0");
    assertRefused("{\"sum\": [{\"weight\": \"NaN\", \"vector\": [1]}]}", "[NaN]");
    assertRefused("{\"first_of\": []}", "at least one reference");
    String two = history(", \"interests\": 2");
    assertRefused("{\"sum\": [{\"from\": " + two + "}, {\"from\": " + two + "}]}", "only one part");
    String deep = document("a");
    for (int i = 0; i < 70; i++) {
      deep = "{\"first_of\": [" + deep + "]}";
    }
    assertRefused(deep, "plugins.affinity.reference.max_depth");
  }

  private void assertRefused(String json, String words) {
    Exception e = expectThrows(Exception.class, () -> parse(json));
    StringBuilder messages = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      messages.append(t.getMessage()).append('\n');
    }
    assertThat(messages.toString(), containsString(words));
  }

  public void testLimitsNameTheirSettings() throws Exception {
    String deep = document("a");
    for (int i = 0; i < 9; i++) {
      deep =
          i % 2 == 0 ? "{\"first_of\": [" + deep + "]}" : "{\"sum\": [{\"from\": " + deep + "}]}";
    }
    assertExcess(deep, Settings.EMPTY, "max_depth");
    String likes = "{\"likes\": [1, 2], \"dislikes\": [3], \"index\": \"b\"}";
    assertExcess(likes, limit("max_likes", 2), "max_likes");
    assertExcess(history(", \"last\": 1001"), Settings.EMPTY, "max_likes");
    assertExcess(history(", \"interests\": 11"), Settings.EMPTY, "max_interests");
    assertExcess(
        "{\"first_of\": [" + likes + "," + likes + "]}", limit("max_parts", 2), "max_parts");
    ReferenceLimits.of(limit("max_likes", 3)).check(parse(likes));
    Exception e =
        expectThrows(
            IllegalArgumentException.class,
            () -> ReferenceLimits.of(Settings.EMPTY).checkGets(5001));
    assertThat(e.getMessage(), containsString("plugins.affinity.reference.max_gets"));
    e =
        expectThrows(
            IllegalArgumentException.class,
            () -> ReferenceLimits.of(Settings.EMPTY).checkNumbers(1L << 33));
    assertThat(e.getMessage(), containsString("plugins.affinity.reference.max_numbers"));
  }

  private static Settings limit(String name, int value) {
    return Settings.builder().put("plugins.affinity.reference." + name, value).build();
  }

  private void assertExcess(String json, Settings settings, String setting) throws IOException {
    ReferenceForm form = parse(json);
    Exception e =
        expectThrows(
            IllegalArgumentException.class, () -> ReferenceLimits.of(settings).check(form));
    assertThat(e.getMessage(), containsString("plugins.affinity.reference." + setting));
  }
}

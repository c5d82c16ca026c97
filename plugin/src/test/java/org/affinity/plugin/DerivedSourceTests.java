/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.affinity.ann.source.CutSource;
import org.apache.lucene.codecs.StoredFieldsReader;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentInfo;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.index.StoredFieldVisitor;
import org.apache.lucene.search.join.ScoreMode;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.util.BytesRef;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.admin.indices.settings.put.UpdateSettingsRequest;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.common.lucene.Lucene;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.common.xcontent.support.XContentMapValues;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.xcontent.MediaType;
import org.opensearch.index.IndexService;
import org.opensearch.index.engine.Engine;
import org.opensearch.index.query.InnerHitBuilder;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.index.shard.IndexShard;
import org.opensearch.index.translog.Translog;
import org.opensearch.indices.IndicesService;
import org.opensearch.plugins.Plugin;
import org.opensearch.search.SearchHit;
import org.opensearch.search.SearchHits;
import org.opensearch.search.aggregations.AggregationBuilders;
import org.opensearch.search.aggregations.bucket.terms.Terms;
import org.opensearch.search.aggregations.metrics.TopHits;
import org.opensearch.search.collapse.CollapseBuilder;
import org.opensearch.search.fetch.subphase.FetchSourceContext;
import org.opensearch.search.fetch.subphase.highlight.HighlightBuilder;
import org.opensearch.search.sort.SortOrder;
import org.opensearch.test.OpenSearchSingleNodeTestCase;

/** One shard: what is stored, and what every API makes of it. */
public class DerivedSourceTests extends OpenSearchSingleNodeTestCase {

  private static final String MAPPING =
      "{\"properties\": {\"title\": {\"type\": \"text\"}, \"group\": {\"type\": \"keyword\"},"
          + "\"taste\": {\"type\": \"embedding\", \"dimension\": 3,"
          + " \"space_type\": \"cosinesimil\"},"
          + "\"parts\": {\"type\": \"nested\", \"properties\": {\"name\": {\"type\": \"keyword\"},"
          + "\"taste\": {\"type\": \"embedding\", \"dimension\": 3}}}}}";

  @Override
  protected Collection<Class<? extends Plugin>> getPlugins() {
    return List.of(AffinityPlugin.class);
  }

  private static String json(int i) {
    float f = i + 0.1f;
    return "{\"title\":\"dragon "
        + i
        + "\",\"group\":\"g"
        + i % 2
        + "\",\"taste\":["
        + f
        + ",1.0E-4,-2.5],\"parts\":[{\"name\":\"a\",\"taste\":[1.0,"
        + f
        + ",3.0]},{\"name\":\"b\"},{\"name\":\"c\",\"taste\":\"AACAPwAAgD8AAIA/\"}],\"n\":"
        + i
        + "}";
  }

  private static String without(int i) {
    return "{\"title\":\"dragon "
        + i
        + "\",\"group\":\"g"
        + i % 2
        + "\",\"parts\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}],\"n\":"
        + i
        + "}";
  }

  private IndexService create(UnaryOperator<Settings.Builder> settings) throws IOException {
    return create("books", MAPPING, settings);
  }

  private IndexService create(
      String index, String mapping, UnaryOperator<Settings.Builder> settings) {
    assertTrue(
        client()
            .admin()
            .indices()
            .prepareCreate(index)
            .setSettings(
                settings.apply(
                    Settings.builder()
                        .put("index.affinity", true)
                        .put("index.number_of_shards", 1)
                        .put("index.number_of_replicas", 0)))
            .setMapping(mapping)
            .get()
            .isAcknowledged());
    return getInstanceFromNode(IndicesService.class).indexServiceSafe(resolveIndex(index));
  }

  private void index(int from, int to) {
    for (int i = from; i < to; i++) {
      client().prepareIndex("books").setId("" + i).setSource(json(i), XContentType.JSON).get();
    }
  }

  public void testTheCodecOfItsSegmentsCannotBeChosen() throws Exception {
    for (boolean ours : new boolean[] {true, false}) {
      Exception e =
          expectThrows(
              Exception.class,
              () ->
                  client()
                      .admin()
                      .indices()
                      .prepareCreate("chosen")
                      .setSettings(
                          Settings.builder()
                              .put("index.affinity", ours)
                              .put("index.codec", "Affinity1"))
                      .get());
      assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
      assertThat(e.getMessage(), containsString("[index.codec: Affinity1] cannot be chosen"));
    }
    create(settings -> settings);
    client().admin().indices().prepareClose("books").get();
    Exception e =
        expectThrows(
            Exception.class,
            () ->
                client()
                    .admin()
                    .indices()
                    .prepareUpdateSettings("books")
                    .setSettings(Settings.builder().put("index.codec", "Affinity1"))
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
  }

  private void refresh() {
    client().admin().indices().prepareRefresh("books").get();
  }

  private String get(String index, int id, boolean realtime) {
    return client().prepareGet(index, "" + id).setRealtime(realtime).get().getSourceAsString();
  }

  private SearchRequestBuilder search() {
    return client().prepareSearch("books").setSize(100).addSort("n", SortOrder.ASC);
  }

  /** How many documents are stored with vectors cut out, as the plain codec reads them. */
  private static int cut(IndexService service) throws IOException {
    IndexShard shard = service.getShard(0);
    int cut = 0;
    try (Engine.Searcher searcher = shard.acquireSearcher("test")) {
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        SegmentReader segment = Lucene.segmentReader(leaf.reader());
        SegmentInfo info = segment.getSegmentInfo().info;
        Directory files =
            info.getUseCompoundFile()
                ? info.getCodec().compoundFormat().getCompoundReader(info.dir, info)
                : info.dir;
        try (StoredFieldsReader raw =
            new Lucene104Codec()
                .storedFieldsFormat()
                .fieldsReader(files, info, segment.getFieldInfos(), IOContext.DEFAULT)) {
          int[] found = {0};
          for (int doc = 0; doc < segment.maxDoc(); doc++) {
            raw.document(
                doc,
                new StoredFieldVisitor() {
                  @Override
                  public Status needsField(FieldInfo field) {
                    return field.name.equals("_source") ? Status.YES : Status.NO;
                  }

                  @Override
                  public void binaryField(FieldInfo field, byte[] value) {
                    found[0] += CutSource.isCut(new BytesRef(value)) ? 1 : 0;
                  }
                });
          }
          cut += found[0];
        } finally {
          if (files != info.dir) {
            files.close();
          }
        }
      }
    }
    return cut;
  }

  public void testDocumentsAreWholeBeforeAndAfterRefreshMergeAndRestart() throws Exception {
    for (String codec : new String[] {"default", "best_compression"}) {
      IndexService service =
          create(s -> s.put("index.codec", codec).put("index.refresh_interval", "-1"));
      index(0, 20);
      assertEquals("from the translog", json(3), get("books", 3, true));
      refresh();
      assertEquals(20, cut(service));
      index(20, 40);
      client().prepareDelete("books", "5").get();
      refresh();
      for (int i = 0; i < 40; i++) {
        if (i != 5) {
          assertEquals(json(i), get("books", i, false));
          assertEquals(json(i), get("books", i, true));
        }
      }
      client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
      refresh();
      assertTrue("copied as they are, the deleted one perhaps kept", cut(service) >= 39);
      assertEquals(json(17), get("books", 17, false));
      assertEquals(
          json(18),
          client()
              .prepareMultiGet()
              .add("books", "18")
              .get()
              .getResponses()[0]
              .getResponse()
              .getSourceAsString());
      index(40, 45); // in the translog only
      client().admin().indices().prepareClose("books").get();
      client().admin().indices().prepareOpen("books").get();
      client().admin().cluster().prepareHealth("books").setWaitForGreenStatus().get();
      refresh();
      assertEquals(json(17), get("books", 17, false));
      assertEquals(json(43), get("books", 43, false));
      client().admin().indices().prepareDelete("books").get();
    }
  }

  public void testTheSettingTurnsItOff() throws Exception {
    IndexService service = create(s -> s.put("index.affinity.derived_source.enabled", false));
    index(0, 10);
    refresh();
    assertEquals(0, cut(service));
    assertEquals(json(3), get("books", 3, false));
    try (Engine.Searcher searcher = service.getShard(0).acquireSearcher("test")) {
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        SegmentReader segment = Lucene.segmentReader(leaf.reader());
        assertEquals("Lucene104", segment.getSegmentInfo().info.getCodec().getName());
      }
    }
    Exception e =
        expectThrows(
            IllegalArgumentException.class,
            () ->
                client()
                    .admin()
                    .indices()
                    .updateSettings(
                        new UpdateSettingsRequest("books")
                            .settings(
                                Settings.builder()
                                    .put("index.affinity.derived_source.enabled", true)))
                    .actionGet());
    assertThat(e.getMessage(), containsString("non dynamic"));
  }

  public void testUpdates() throws Exception {
    IndexService service = create(s -> s.put("index.refresh_interval", "-1"));
    index(0, 10);
    if (randomBoolean()) {
      refresh();
    }
    for (int i = 0; i < 10; i++) {
      client().prepareUpdate("books", "" + i).setDoc(Map.of("group", "new")).get();
    }
    refresh();
    for (int i = 0; i < 10; i++) {
      Map<String, Object> source =
          client().prepareGet("books", "" + i).setRealtime(false).get().getSourceAsMap();
      assertEquals("new", source.get("group"));
      assertEquals(i + 0.1f, ((Number) ((List<?>) source.get("taste")).get(0)).floatValue(), 0);
      assertEquals(
          "AACAPwAAgD8AAIA/", ((Map<?, ?>) ((List<?>) source.get("parts")).get(2)).get("taste"));
    }
    try (Engine.Searcher searcher = service.getShard(0).acquireSearcher("test")) {
      assertEquals(10 * 4, searcher.getIndexReader().numDocs());
    }
    assertTrue(cut(service) >= 10);
  }

  public void testOperationsReadFromTheIndexAreWhole() throws Exception {
    IndexService service = create(s -> s.put("index.refresh_interval", "-1"));
    index(0, 15);
    client().prepareDelete("books", "4").get();
    client().admin().indices().prepareFlush("books").get();
    refresh();
    List<String> sources = new ArrayList<>();
    try (var operations = service.getShard(0).getHistoryOperations("test", 0, 15, false)) {
      for (var op = operations.next(); op != null; op = operations.next()) {
        if (op instanceof Translog.Index index) {
          sources.add(index.source().utf8ToString());
        }
      }
    }
    assertEquals(15, sources.size());
    for (int i = 0; i < 15; i++) {
      assertTrue("document " + i, sources.contains(json(i)));
    }
  }

  public void testHitsLeaveVectorsOutUnlessAsked() throws Exception {
    create(s -> s);
    index(0, 12);
    refresh();
    assertHits(search(), without(3));
    assertHits(search().setFetchSource(true), without(3));
    assertHits(search().setFetchSource(new String[] {"*"}, null), null, "taste", "parts.taste");
    assertHits(
        search().setFetchSource(new String[] {"taste"}, null), "{\"taste\":[3.1,1.0E-4,-2.5]}");
    assertHits(
        search().setFetchSource(new String[] {"t*"}, null),
        "{\"taste\":[3.1,1.0E-4,-2.5],\"title\":\"dragon 3\"}");
    assertHits(
        search().setFetchSource(new String[] {"parts"}, null),
        "{\"parts\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}");
    assertHits(
        search().setFetchSource(new String[] {"parts.*"}, new String[] {"parts.name"}),
        "{\"parts\":[{\"taste\":[1.0,3.1,3.0]},{\"taste\":\"AACAPwAAgD8AAIA/\"}]}");
    assertHits(
        search().setFetchSource(null, new String[] {"title", "parts"}),
        "{\"n\":3,\"group\":\"g1\"}");
    assertNull(search().setFetchSource(false).get().getHits().getAt(3).getSourceRef());
    assertHits(search().storedFields("_source"), without(3));
    client()
        .admin()
        .indices()
        .updateSettings(
            new UpdateSettingsRequest("books")
                .settings(Settings.builder().put("index.affinity.exclude_source_vectors", false)))
        .actionGet();
    assertHits(search(), json(3));
  }

  private static void assertHits(SearchRequestBuilder search, String third, String... fields) {
    SearchHit hit = search.get().getHits().getAt(3);
    if (third != null) {
      assertEquals(
          XContentHelper.convertToMap(new BytesArray(third), false, (MediaType) XContentType.JSON)
              .v2(),
          hit.getSourceAsMap());
    }
    for (String field : fields) {
      assertNotNull(field, XContentMapValues.extractValue(field, hit.getSourceAsMap()));
    }
  }

  public void testInnerHitsTopHitsCollapseHighlightFieldsAndExplain() throws Exception {
    create(s -> s);
    index(0, 12);
    refresh();
    SearchResponse response =
        client()
            .prepareSearch("books")
            .setSize(100)
            .setQuery(
                QueryBuilders.nestedQuery(
                        "parts", QueryBuilders.termQuery("parts.name", "a"), ScoreMode.None)
                    .innerHit(new InnerHitBuilder("plain")))
            .get();
    assertEquals(12, response.getHits().getHits().length);
    for (SearchHit hit : response.getHits()) {
      assertEquals(
          "{\"name\":\"a\"}", hit.getInnerHits().get("plain").getAt(0).getSourceAsString());
    }
    response =
        client()
            .prepareSearch("books")
            .setSize(1)
            .setFetchSource(false)
            .setQuery(
                QueryBuilders.nestedQuery(
                        "parts", QueryBuilders.termQuery("parts.name", "c"), ScoreMode.None)
                    .innerHit(
                        new InnerHitBuilder("asked")
                            .setFetchSourceContext(
                                new FetchSourceContext(true, new String[] {"parts.taste"}, null))))
            .get();
    assertEquals(
        "{\"taste\":\"AACAPwAAgD8AAIA/\"}",
        response.getHits().getAt(0).getInnerHits().get("asked").getAt(0).getSourceAsString());

    response =
        client()
            .prepareSearch("books")
            .setSize(0)
            .addAggregation(
                AggregationBuilders.terms("groups")
                    .field("group")
                    .subAggregation(AggregationBuilders.topHits("top").size(20)))
            .get();
    Terms terms = response.getAggregations().get("groups");
    SearchHits top = ((TopHits) terms.getBucketByKey("g1").getAggregations().get("top")).getHits();
    assertEquals(6, top.getHits().length);
    for (SearchHit hit : top) {
      assertEquals(without(Integer.parseInt(hit.getId())), hit.getSourceAsString());
    }

    response =
        client()
            .prepareSearch("books")
            .setCollapse(
                new CollapseBuilder("group").setInnerHits(new InnerHitBuilder("same").setSize(20)))
            .get();
    for (SearchHit hit : response.getHits().getAt(0).getInnerHits().get("same")) {
      assertEquals(without(Integer.parseInt(hit.getId())), hit.getSourceAsString());
    }

    response =
        search()
            .setQuery(QueryBuilders.matchQuery("title", "dragon"))
            .highlighter(new HighlightBuilder().field("title"))
            .addFetchField("taste")
            .setExplain(true)
            .get();
    SearchHit third = response.getHits().getAt(3);
    assertEquals(
        "<em>dragon</em> 3", third.getHighlightFields().get("title").fragments()[0].string());
    assertEquals("[3.1, 1.0E-4, -2.5]", third.field("taste").getValues().toString());
    assertEquals(without(3), third.getSourceAsString());
    assertEquals(
        json(3),
        client()
            .prepareExplain("books", "3")
            .setQuery(QueryBuilders.matchQuery("title", "dragon"))
            .setFetchSource(true)
            .get()
            .getGetResult()
            .sourceAsString());
  }

  public void testDocValueFieldsReadTheFloats() throws Exception {
    create(s -> s);
    index(0, 12);
    client().prepareIndex("books").setId("bare").setSource(Map.of("n", 12)).get();
    refresh();
    SearchHits hits =
        search()
            .setFetchSource(false)
            .addDocValueField("taste")
            .addSort("n", SortOrder.DESC)
            .get()
            .getHits();
    assertEquals(List.of(3.1f, 1.0E-4f, -2.5f), hits.getAt(3).field("taste").getValues());
    assertEquals(List.of(), hits.getAt(12).field("taste").getValues());
    hits = search().addDocValueField("taste", "base64").get().getHits();
    assertEquals(List.of("ZmZGQBe30TgAACDA"), hits.getAt(3).field("taste").getValues());
    for (Map.Entry<String, SearchRequestBuilder> refused :
        Map.of(
                "one of [array, base64], got [hex]",
                client().prepareSearch("books").addDocValueField("taste", "hex"),
                "cannot be aggregated",
                client()
                    .prepareSearch("books")
                    .addAggregation(AggregationBuilders.terms("t").field("taste")),
                "have no order",
                client().prepareSearch("books").addSort("taste", SortOrder.ASC))
            .entrySet()) {
      Exception e = expectThrows(Exception.class, () -> refused.getValue().get());
      assertThat(ExceptionsHelper.stackTrace(e), containsString(refused.getKey()));
      assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    }
  }

  /** What {@code _reindex} and {@code _update_by_query} do: they scroll. */
  public void testScrollsSeeWholeDocuments() throws Exception {
    create(s -> s);
    index(0, 30);
    refresh();
    SearchResponse response = search().setSize(12).setScroll(TimeValue.timeValueMinutes(1)).get();
    int seen = 0;
    while (response.getHits().getHits().length > 0) {
      for (SearchHit hit : response.getHits()) {
        assertEquals(json(Integer.parseInt(hit.getId())), hit.getSourceAsString());
        seen++;
      }
      response =
          client()
              .prepareSearchScroll(response.getScrollId())
              .setScroll(TimeValue.timeValueMinutes(1))
              .get();
    }
    assertEquals(30, seen);
    client().prepareClearScroll().addScrollId(response.getScrollId()).get();
  }

  /** Runs of adjacent hits are read through merge instances, which a scroll closes at its end. */
  public void testReadingGoesOnAfterScrolls() throws Exception {
    create(s -> s);
    for (int i = 0; i < 30; i++) {
      client()
          .prepareIndex("books")
          .setId("" + i)
          .setSource("{\"n\":" + i + ",\"taste\":[1.0,2.0," + i + ".0]}", XContentType.JSON)
          .get();
    }
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    refresh();
    for (int round = 0; round < 3; round++) {
      SearchResponse response = search().setSize(20).setScroll(TimeValue.timeValueMinutes(1)).get();
      assertEquals(
          "{\"n\":3,\"taste\":[1.0,2.0,3.0]}", response.getHits().getAt(3).getSourceAsString());
      client().prepareClearScroll().addScrollId(response.getScrollId()).get();
      assertEquals("{\"n\":3,\"taste\":[1.0,2.0,3.0]}", get("books", 3, false));
      assertEquals("{\"n\":3}", search().get().getHits().getAt(3).getSourceAsString());
    }
  }

  public void testOtherContentTypesAreStoredWholeAndHitsAreFiltered() throws Exception {
    IndexService service = create(s -> s);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("n", 1);
    document.put("taste", List.of(1.0, 2.0, 3.0));
    for (XContentType type : XContentType.values()) {
      client().prepareIndex("books").setId(type.name()).setSource(document, type).get();
    }
    refresh();
    assertEquals(1, cut(service));
    for (SearchHit hit : search().get().getHits()) {
      assertEquals(hit.getId(), Map.of("n", 1), hit.getSourceAsMap());
    }
    for (XContentType type : XContentType.values()) {
      assertEquals(document, client().prepareGet("books", type.name()).get().getSourceAsMap());
    }
  }

  public void testAFilteredOrDisabledSourceStaysAsTheMappingSays() throws Exception {
    create(
        "books",
        MAPPING.replaceFirst("\\{", "{\"_source\": {\"excludes\": [\"title\", \"parts.taste\"]},"),
        s -> s);
    index(0, 10);
    refresh();
    client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    refresh();
    Map<String, Object> source = client().prepareGet("books", "3").get().getSourceAsMap();
    assertEquals("[3.1, 1.0E-4, -2.5]", source.get("taste").toString());
    assertNull(source.get("title"));
    assertEquals("[{name=a}, {name=b}, {name=c}]", source.get("parts").toString());
    client().admin().indices().prepareDelete("books").get();

    create("books", MAPPING.replaceFirst("\\{", "{\"_source\": {\"enabled\": false},"), s -> s);
    index(0, 3);
    refresh();
    assertNull(client().prepareGet("books", "1").get().getSourceAsMap());
    assertEquals(3, search().get().getHits().getHits().length);
  }

  public void testFieldsThatComeLaterAndDynamicTemplates() throws Exception {
    IndexService service =
        create(
            "books",
            "{\"dynamic_templates\": [{\"vectors\": {\"path_match\": \"Models.*.Vec\", \"mapping\":"
                + " {\"type\": \"embedding\", \"dimension\": 3}}}], \"properties\": {\"n\": {\"type\":"
                + " \"integer\"}}}",
            s -> s.put("index.refresh_interval", "-1"));
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String vec = "\"AACAPwAAgD8AAIA/\"";
      String plain = "{\"n\":" + i + "}";
      documents.add(
          i % 3 == 0
              ? plain
              : "{\"n\":" + i + ",\"Models\":{\"M" + i + "\":{\"Vec\":" + vec + "}}}");
      client()
          .prepareIndex("books")
          .setId("" + i)
          .setSource(documents.get(i), XContentType.JSON)
          .get();
      if (i == 4) {
        refresh();
      }
    }
    refresh();
    client()
        .admin()
        .indices()
        .preparePutMapping("books")
        .setSource(
            "{\"properties\": {\"late\": {\"type\": \"embedding\", \"dimension\": 3}}}",
            XContentType.JSON)
        .get();
    documents.add("{\"n\":12,\"late\":[1.0,2.0,3.0]}");
    client()
        .prepareIndex("books")
        .setId("12")
        .setSource(documents.get(12), XContentType.JSON)
        .get();
    refresh();
    assertEquals(9, cut(service));
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < documents.size(); i++) {
        assertEquals(documents.get(i), get("books", i, false));
      }
      client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
      refresh();
    }
  }

  public void testIndexSort() throws Exception {
    IndexService service =
        create(
            "books",
            "{\"properties\": {\"n\": {\"type\": \"integer\"}, \"taste\": {\"type\": \"embedding\","
                + " \"dimension\": 3}}}",
            s -> s.put("index.sort.field", "n").put("index.sort.order", "desc"));
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      documents.add(
          i % 4 == 0
              ? "{\"n\":" + i % 7 + "}"
              : "{\"taste\":[" + (float) i + ",2.0,3.5],\"n\":" + i % 7 + "}");
      client()
          .prepareIndex("books")
          .setId("" + i)
          .setSource(documents.get(i), XContentType.JSON)
          .get();
      if (i % 15 == 14) {
        refresh();
      }
    }
    for (int round = 0; round < 2; round++) {
      refresh();
      assertEquals(30, cut(service));
      for (int i = 0; i < 40; i++) {
        assertEquals(documents.get(i), get("books", i, false));
      }
      client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    }
  }

  /** Every method and encoder keeps the raw floats. */
  public void testEveryMethod() throws Exception {
    int fields = 0;
    StringBuilder mapping = new StringBuilder("{\"properties\": {\"n\": {\"type\": \"integer\"}");
    for (String method :
        new String[] {
          "\"compression_level\": \"1x\"",
          "\"compression_level\": \"4x\"",
          "\"compression_level\": \"8x\"",
          "\"compression_level\": \"16x\"",
          "\"method\": {\"name\": \"ivf\"}",
          "\"method\": {\"name\": \"flat\"}",
          "\"method\": {\"name\": \"flat\", \"parameters\": {\"encoder\": {\"name\": \"sq\"}}}",
          "\"method\": {\"name\": \"hnsw\", \"parameters\": {\"encoder\": {\"name\": \"binary\"}}}",
        }) {
      for (SpaceType space : SpaceType.values()) {
        mapping
            .append(", \"f" + fields++ + "\": {\"type\": \"embedding\", \"dimension\": 8, ")
            .append("\"space_type\": \"" + space + "\", " + method + "}");
      }
    }
    IndexService service = create("books", mapping + "}}", s -> s);
    List<String> documents = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      StringBuilder document = new StringBuilder("{\"n\":" + i);
      for (int f = 0; f < fields; f++) {
        float[] vector = new float[8];
        for (int d = 0; d < 8; d++) {
          vector[d] = (float) random().nextGaussian() * (f + 1);
        }
        document.append(",\"f" + f + "\":" + Arrays.toString(vector).replace(" ", ""));
      }
      documents.add(document + "}");
      client()
          .prepareIndex("books")
          .setId("" + i)
          .setSource(documents.get(i), XContentType.JSON)
          .get();
      if (i % 25 == 24) {
        refresh();
      }
    }
    for (int round = 0; round < 2; round++) {
      refresh();
      assertEquals(60, cut(service));
      for (int i = 0; i < 60; i++) {
        assertEquals(documents.get(i), get("books", i, false));
      }
      client().admin().indices().prepareForceMerge("books").setMaxNumSegments(1).get();
    }
  }

  public void testCoreDerivedSourceIsRefusedInWords() {
    Exception e =
        expectThrows(
            Exception.class, () -> create(s -> s.put("index.derived_source.enabled", true)));
    assertThat(e.toString(), containsString("taste"));
  }
}

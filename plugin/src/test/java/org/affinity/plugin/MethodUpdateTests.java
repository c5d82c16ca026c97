/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.affinity.plugin.reference.VectorReference;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentReader;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.lucene.Lucene;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.IndexService;
import org.opensearch.index.engine.Engine;
import org.opensearch.index.shard.IndexShard;
import org.opensearch.plugins.Plugin;
import org.opensearch.search.SearchHit;
import org.opensearch.test.OpenSearchSingleNodeTestCase;

/** A field's method and encoder may change: for what is written from then on. */
public class MethodUpdateTests extends OpenSearchSingleNodeTestCase {

  private static final int DIMENSION = 8;

  private final Map<String, float[]> vectors = new TreeMap<>();

  @Override
  protected Collection<Class<? extends Plugin>> getPlugins() {
    return List.of(AffinityPlugin.class);
  }

  public void testSegmentsOfAllFormatsAreFoundWithTheSameScores() throws Exception {
    for (SpaceType space : SpaceType.values()) {
      vectors.clear();
      String index = "items-" + space;
      IndexService service =
          createIndex(
              index,
              Settings.builder()
                  .put("index.affinity", true)
                  .put("index.merge.policy.max_merge_at_once", 30)
                  .put("index.merge.policy.segments_per_tier", 30)
                  .build());
      update(index, mapping(space, Map.of()));
      index(index, 60);
      Map<String, Object> flat = Map.of("name", "flat");
      for (Map<String, Object> change :
          List.<Map<String, Object>>of(
              Map.of("compression_level", "4x"),
              Map.of("method", flat, "compression_level", "8x"),
              Map.of("method", new IndexMethod.Flat(new Encoder.Binary()).toMap()),
              Map.of("method", IndexMethod.DEFAULT.with(new Encoder.None()).toMap()),
              Map.of("method", IndexMethod.DEFAULT.with(new Encoder.Binary()).toMap()))) {
        update(index, mapping(space, change));
        index(index, 60);
        assertFoundAsByBruteForce(index, space);
      }
      assertEquals(
          Set.of(
              "AffinityIvfPq1",
              "Lucene104HnswBinaryQuantizedVectorsFormat",
              "Lucene104ScalarQuantizedVectorsFormat",
              "Lucene99HnswVectorsFormat"),
          formats(service));
      client().admin().indices().prepareForceMerge(index).setMaxNumSegments(1).get();
      client().admin().indices().prepareRefresh(index).get();
      assertEquals(Set.of("Lucene104HnswBinaryQuantizedVectorsFormat"), formats(service));
      assertFoundAsByBruteForce(index, space);
      update(index, mapping(space, Map.of("compression_level", "auto")));
      index(index, 1);
      client().admin().indices().prepareForceMerge(index).setMaxNumSegments(1).get();
      client().admin().indices().prepareRefresh(index).get();
      assertEquals("and back", Set.of("AffinityIvfPq1"), formats(service));
      assertFoundAsByBruteForce(index, space);
    }
  }

  public void testDimensionAndSpaceCannotChange() throws IOException {
    createIndex("items", Settings.builder().put("index.affinity", true).build());
    update("items", mapping(SpaceType.L2, Map.of()));
    Exception e =
        expectThrows(
            IllegalArgumentException.class,
            () -> update("items", mapping(SpaceType.COSINESIMIL, Map.of())));
    assertThat(e.getMessage(), containsString("Cannot update parameter [space_type]"));
    e =
        expectThrows(
            IllegalArgumentException.class,
            () -> update("items", mapping(SpaceType.L2, Map.of("dimension", 9))));
    assertThat(e.getMessage(), containsString("Cannot update parameter [dimension]"));
  }

  private static XContentBuilder mapping(SpaceType space, Map<String, Object> more)
      throws IOException {
    Map<String, Object> field = new TreeMap<>();
    field.put("type", "embedding");
    field.put("dimension", DIMENSION);
    field.put("space_type", space.toString());
    field.putAll(more);
    return JsonXContent.contentBuilder().map(Map.of("properties", Map.of("v", field)));
  }

  private void update(String index, XContentBuilder mapping) {
    assertTrue(
        client()
            .admin()
            .indices()
            .preparePutMapping(index)
            .setSource(mapping)
            .get()
            .isAcknowledged());
  }

  private void index(String index, int count) {
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        vector[d] = 10 * (randomFloat() - 0.4f);
      }
      String id = "v" + vectors.size();
      vectors.put(id, vector);
      bulk.add(client().prepareIndex(index).setId(id).setSource(Map.of("v", vector)));
    }
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
  }

  private void assertFoundAsByBruteForce(String index, SpaceType space) {
    float[] query = vectors.get("v7");
    Map<String, Float> expected = new TreeMap<>();
    vectors.forEach(
        (id, vector) -> expected.put(id, space.space().score(space.space().signal(query, vector))));
    assertEquals(expected, search(index, query, vectors.size(), SearchParameters.DEFAULT));
    Map<String, Float> approximate =
        search(index, query, 10, new SearchParameters(new MethodParameters(10, null), 2f, false));
    assertEquals(10, approximate.size());
    approximate.forEach((id, score) -> assertEquals(id, expected.get(id), score));
  }

  private Map<String, Float> search(String index, float[] query, int k, SearchParameters strategy) {
    NearestQueryBuilder nearest =
        new NearestQueryBuilder(
            "v",
            new VectorReference.Given(query, VectorReference.Given.BY_USER),
            new Extent(k, null, null),
            strategy,
            null,
            false);
    SearchHit[] hits =
        client().prepareSearch(index).setQuery(nearest).setSize(1000).get().getHits().getHits();
    Map<String, Float> found = new TreeMap<>();
    Arrays.stream(hits).forEach(hit -> found.put(hit.getId(), hit.getScore()));
    return found;
  }

  /** The formats of the index's segments. */
  private static Set<String> formats(IndexService service) {
    Set<String> formats = new HashSet<>();
    for (IndexShard shard : service) {
      try (Engine.Searcher searcher = shard.acquireSearcher("test")) {
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
          SegmentReader segment = Lucene.segmentReader(leaf.reader());
          formats.add(
              segment
                  .getFieldInfos()
                  .fieldInfo("v")
                  .getAttribute(PerFieldKnnVectorsFormat.PER_FIELD_FORMAT_KEY));
        }
      }
    }
    return new TreeSet<>(formats);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.affinity.ann.search.Precision;
import org.affinity.ann.search.ScoreFunction;
import org.affinity.plugin.reference.DocumentReference;
import org.affinity.plugin.reference.Missing;
import org.affinity.plugin.reference.VectorReference;
import org.opensearch.action.bulk.BulkRequestBuilder;
import org.opensearch.action.search.SearchRequestBuilder;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.search.SearchType;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.query.MatchQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.plugins.Plugin;
import org.opensearch.search.SearchHit;
import org.opensearch.test.OpenSearchIntegTestCase;

/** A cluster with the plugin, a catalogue of three shards with replicas, and a reader. */
public abstract class AffinityClusterTestCase extends OpenSearchIntegTestCase {

  static final int DIMENSION = 4;
  static final int SIZE = 120;

  final Map<String, float[]> tastes = new TreeMap<>();
  final float[] reader = {1, 0.5f, -0.3f, 0.2f};

  /** Stands in for the k-NN plugin's setting, which a node without that plugin does not know. */
  public static final class KnnSettingPlugin extends Plugin {
    @Override
    public List<Setting<?>> getSettings() {
      return List.of(Setting.boolSetting("index.knn", false, Setting.Property.IndexScope));
    }
  }

  @Override
  protected Collection<Class<? extends Plugin>> nodePlugins() {
    return List.of(AffinityPlugin.class, KnnSettingPlugin.class);
  }

  void createIndices(String codec) {
    String taste =
        "\"taste\": {\"type\": \"embedding\", \"dimension\": 4, \"space_type\": \"cosinesimil\"}";
    assertAcked(
        prepareCreate("books")
            .setSettings(
                Settings.builder()
                    .put("index.affinity", true)
                    .put("index.codec", codec)
                    .put("index.number_of_shards", 3)
                    .put("index.number_of_replicas", 1))
            .setMapping(
                "{\"properties\": {\"title\": {\"type\": \"text\"}, \"group\": {\"type\":"
                    + " \"keyword\"}, \"popularity\": {\"type\": \"integer\"},"
                    + taste
                    + "}}"));
    assertAcked(
        prepareCreate("readers")
            .setSettings(Settings.builder().put("index.affinity", true))
            .setMapping("{\"properties\": {" + taste + "}}"));
  }

  static void assertAcked(
      org.opensearch.action.admin.indices.create.CreateIndexRequestBuilder create) {
    assertTrue(create.get().isAcknowledged());
  }

  void indexBooks() {
    BulkRequestBuilder bulk = client().prepareBulk();
    for (int i = 0; i < SIZE; i++) {
      float[] taste = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        taste[d] = randomFloat() - 0.5f;
      }
      Map<String, Object> book = new HashMap<>();
      book.put("title", (i % 3 == 0 ? "dragon " : "garden ") + "tale ".repeat(1 + i % 7));
      book.put("group", "g" + i % 4);
      book.put("popularity", i);
      if (i % 10 != 9) {
        book.put("taste", taste);
        tastes.put("b" + i, taste);
      }
      bulk.add(client().prepareIndex("books").setId("b" + i).setSource(book));
    }
    assertFalse(bulk.setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE).get().hasFailures());
  }

  void indexReader() {
    client().prepareIndex("readers").setId("ann").setSource(Map.of("taste", reader)).get();
    client().prepareIndex("readers").setId("nobody").setSource(Map.of("name", "x")).get();
  }

  static VectorReference document(String id, Missing missing) {
    return new DocumentReference("readers", id, null, null, missing);
  }

  static NearestQueryBuilder nearest(
      VectorReference from, int k, boolean exact, QueryBuilder filter) {
    return new NearestQueryBuilder(
        "taste",
        from,
        new Extent(k, null, null),
        new SearchParameters(MethodParameters.DEFAULT, null, exact),
        filter,
        false);
  }

  static BlendQueryBuilder blend(VectorReference from, double weight) {
    return blend("title", "dragon", from, weight);
  }

  static BlendQueryBuilder blend(String field, String words, VectorReference from, double weight) {
    return blend(field, words, from, weight, "taste", null, false);
  }

  static BlendQueryBuilder blend(
      String field,
      String words,
      VectorReference from,
      double weight,
      String taste,
      RecallClause recall,
      boolean ignoreUnmapped) {
    return new BlendQueryBuilder(
        new MatchQueryBuilder(field, words),
        RelevanceClause.DEFAULT,
        List.of(new AffinityClause(taste, from, weight, null, 0)),
        List.of(new PriorClause("popularity", 0.1, new ScoreFunction.Log(200), 0)),
        recall,
        ignoreUnmapped,
        null,
        Precision.EXACT);
  }

  List<String> best(int k) {
    return tastes.entrySet().stream()
        .sorted(
            Comparator.comparingDouble(
                entry -> -SpaceType.COSINESIMIL.space().signal(reader, entry.getValue())))
        .limit(k)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Global statistics: without them scores are each shard's own, and the test client picks. */
  static SearchRequestBuilder prepareSearch() {
    return client().prepareSearch("books").setSearchType(SearchType.DFS_QUERY_THEN_FETCH);
  }

  static List<String> ids(SearchResponse response) {
    return Arrays.stream(response.getHits().getHits()).map(SearchHit::getId).toList();
  }
}

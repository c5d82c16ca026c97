/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.util.List;
import java.util.Map;
import org.affinity.plugin.reference.DocumentReference;
import org.affinity.plugin.reference.Missing;
import org.affinity.plugin.reference.VectorReference;
import org.opensearch.ExceptionsHelper;
import org.opensearch.action.search.SearchPhaseExecutionException;
import org.opensearch.action.search.SearchResponse;
import org.opensearch.action.support.WriteRequest;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.index.IndexNotFoundException;
import org.opensearch.index.query.QueryBuilders;
import org.opensearch.test.OpenSearchIntegTestCase;

/** What a cluster refuses, and what it is told to let pass. */
@OpenSearchIntegTestCase.ClusterScope(numDataNodes = 2)
public class AffinityClusterRefusalTests extends AffinityClusterTestCase {
  public void testUnknownReaderIsNeutralAndCanBeAnError() {
    createIndices("default");
    indexBooks();
    indexReader();
    for (String id : List.of("stranger", "nobody")) {
      SearchResponse neutral = prepareSearch().setQuery(blend(document(id, null), 0.5)).get();
      SearchResponse weightless = prepareSearch().setQuery(blend(document("ann", null), 0)).get();
      assertEquals(ids(weightless), ids(neutral));
      assertTrue(neutral.getHits().getTotalHits().value() > 0);
      Exception e =
          expectThrows(
              Exception.class,
              () -> prepareSearch().setQuery(blend(document(id, Missing.ERROR), 0.5)).get());
      assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
      assertThat(e.getMessage(), containsString("document [readers/" + id + "]"));
    }
    expectThrows(
        IndexNotFoundException.class,
        () ->
            prepareSearch()
                .setQuery(blend(new DocumentReference("no", "1", null, null, null), 0.5))
                .get());
  }

  public void testAffinityAndKnnOnOneIndexAreRefused() {
    Exception e =
        expectThrows(
            Exception.class,
            () ->
                prepareCreate("both")
                    .setSettings(
                        Settings.builder().put("index.affinity", true).put("index.knn", true))
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.getMessage(), containsString("Remove [index.knn]"));
  }

  public void testEmbeddingNeedsTheIndexSetting() {
    Exception e =
        expectThrows(
            Exception.class,
            () ->
                prepareCreate("plain")
                    .setMapping(
                        "{\"properties\": {\"v\": {\"type\": \"embedding\", \"dimension\": 2}}}")
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.getMessage(), containsString("[index.affinity: true]"));
  }

  public void testIgnoreUnmappedSpansIndicesWithoutTheField() {
    createIndices("default");
    indexBooks();
    indexReader();
    client()
        .prepareIndex("plain")
        .setId("p")
        .setSource(Map.of("title", "dragon"))
        .setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE)
        .get();
    BlendQueryBuilder query =
        blend("title", "dragon", document("ann", null), 0.5, "taste", null, true);
    SearchResponse response = client().prepareSearch("books", "plain").setQuery(query).get();
    assertEquals(0, response.getFailedShards());
    assertEquals(SIZE / 3 + 1, response.getHits().getTotalHits().value());
  }

  public void testNullInAReferencedVectorIsABadRequest() {
    createIndices("default");
    indexBooks();
    client()
        .prepareIndex("other")
        .setId("1")
        .setSource(
            "{\"a\": {\"taste\": [1, null, 3, 4, 5]}}",
            org.opensearch.common.xcontent.XContentType.JSON)
        .get();
    VectorReference from = new DocumentReference("other", "1", null, "a.taste", null);
    Exception e =
        expectThrows(Exception.class, () -> prepareSearch().setQuery(blend(from, 1)).get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.toString(), containsString("[null] at position [1]"));
  }

  public void testNestedFieldsAreSearchedInsideNestedOnly() {
    assertAcked(
        prepareCreate("shelves")
            .setSettings(Settings.builder().put("index.affinity", true))
            .setMapping(
                "{\"properties\": {\"books\": {\"type\": \"nested\", \"properties\":"
                    + " {\"taste\": {\"type\": \"embedding\", \"dimension\": 2}}}}}"));
    client()
        .prepareIndex("shelves")
        .setId("1")
        .setSource(
            "{\"books\": [{\"taste\": [1, 2]}, {\"taste\": [3, 4]}]}",
            org.opensearch.common.xcontent.XContentType.JSON)
        .setRefreshPolicy(WriteRequest.RefreshPolicy.IMMEDIATE)
        .get();
    NearestQueryBuilder nearest =
        new NearestQueryBuilder(
            "books.taste",
            AffinityQueryTestCase.given(1, 2),
            new Extent(1, null, null),
            SearchParameters.DEFAULT,
            null,
            false);
    Exception e =
        expectThrows(
            Exception.class, () -> client().prepareSearch("shelves").setQuery(nearest).get());
    assertEquals(RestStatus.BAD_REQUEST, ExceptionsHelper.status(e));
    assertThat(e.toString(), containsString("[nested] query with [path: books]"));
    SearchResponse response =
        client()
            .prepareSearch("shelves")
            .setQuery(
                QueryBuilders.nestedQuery(
                    "books", nearest, org.apache.lucene.search.join.ScoreMode.Max))
            .get();
    assertEquals(1f, response.getHits().getAt(0).getScore(), 0);
  }

  public void testWrongDimensionOfAReferenceIsABadRequest() {
    createIndices("default");
    indexBooks();
    client().prepareIndex("other").setId("1").setSource(Map.of("taste", List.of(1, 2))).get();
    SearchPhaseExecutionException e =
        expectThrows(
            SearchPhaseExecutionException.class,
            () ->
                prepareSearch()
                    .setQuery(blend(new DocumentReference("other", "1", null, null, null), 1))
                    .get());
    assertEquals(RestStatus.BAD_REQUEST, e.status());
    assertThat(e.toString(), containsString("field [taste] of document [other/1] has [2] values"));
  }
}

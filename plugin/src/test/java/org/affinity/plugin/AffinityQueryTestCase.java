/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.affinity.plugin.reference.VectorReference;
import org.opensearch.common.compress.CompressedXContent;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.mapper.MapperService;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.plugins.Plugin;
import org.opensearch.test.AbstractQueryTestCase;

/** OpenSearch's own suite for query builders, over a mapping with embeddings of several methods. */
public abstract class AffinityQueryTestCase<T extends AbstractQueryBuilder<T>>
    extends AbstractQueryTestCase<T> {

  static final String FIELD = "taste";

  static final String MAPPING =
      "{\"properties\": {"
          + "\"taste\": {\"type\": \"embedding\", \"dimension\": 3, \"space_type\": \"cosinesimil\"},"
          + "\"coarse\": {\"type\": \"embedding\", \"dimension\": 3, \"method\": {\"name\":"
          + " \"flat\", \"parameters\": {\"encoder\": {\"name\": \"binary\"}}}},"
          + "\"lists\": {\"type\": \"embedding\", \"dimension\": 3, \"method\": {\"name\":"
          + " \"ivf\", \"parameters\": {\"nprobes\": 7}}},"
          + "\"autolists\": {\"type\": \"embedding\", \"dimension\": 3, \"method\": {\"name\":"
          + " \"ivf\"}},"
          + "\"place\": {\"type\": \"embedding\", \"dimension\": 2, \"space_type\": \"l2\"}}}";

  @Override
  @SuppressWarnings("deprecation") // the base case's mapping has a geo_shape
  protected Collection<Class<? extends Plugin>> getPlugins() {
    return List.of(AffinityPlugin.class, org.opensearch.test.TestGeoShapeFieldMapperPlugin.class);
  }

  @Override
  protected Settings createTestIndexSettings() {
    return Settings.builder()
        .put(super.createTestIndexSettings())
        .put(AffinitySettings.INDEX_AFFINITY.getKey(), true)
        .build();
  }

  @Override
  protected void initializeAdditionalMappings(MapperService mapperService) throws IOException {
    mapperService.merge(
        "_doc", new CompressedXContent(MAPPING), MapperService.MergeReason.MAPPING_UPDATE);
  }

  static VectorReference randomVector() {
    float[] vector = {randomFloat() + 0.1f, randomFloat(), -randomFloat()};
    return new VectorReference.Given(vector, VectorReference.Given.BY_USER);
  }

  static VectorReference given(float... vector) {
    return new VectorReference.Given(vector, VectorReference.Given.BY_USER);
  }
}

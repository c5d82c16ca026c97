/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opensearch.common.settings.Setting;
import org.opensearch.index.IndexSettings;
import org.opensearch.index.codec.CodecServiceFactory;
import org.opensearch.index.mapper.Mapper;
import org.opensearch.plugins.EnginePlugin;
import org.opensearch.plugins.MapperPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.SearchPlugin;

/** The table of contents: what Affinity adds to OpenSearch. */
public final class AffinityPlugin extends Plugin
    implements MapperPlugin, SearchPlugin, EnginePlugin {

  @Override
  public List<Setting<?>> getSettings() {
    return List.of(AffinitySettings.INDEX_AFFINITY);
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of(EmbeddingFieldMapper.CONTENT_TYPE, EmbeddingFieldMapper.PARSER);
  }

  @Override
  public List<QuerySpec<?>> getQueries() {
    return List.of(
        new QuerySpec<>(
            NearestQueryBuilder.NAME, NearestQueryBuilder::new, NearestQueryBuilder::fromXContent),
        new QuerySpec<>(
            BlendQueryBuilder.NAME, BlendQueryBuilder::new, BlendQueryBuilder::fromXContent));
  }

  @Override
  public Optional<CodecServiceFactory> getCustomCodecServiceFactory(IndexSettings settings) {
    return AffinitySettings.isEnabled(settings.getSettings())
        ? Optional.of(AffinityCodecService::new)
        : Optional.empty();
  }
}

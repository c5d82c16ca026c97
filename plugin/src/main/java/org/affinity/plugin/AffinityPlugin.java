/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.affinity.plugin.admin.AdminActions;
import org.affinity.plugin.admin.SearchCounters;
import org.affinity.plugin.processor.EmbeddingProcessors;
import org.affinity.plugin.reference.AffinityExt;
import org.affinity.plugin.reference.ExtFilter;
import org.affinity.plugin.reference.ReferenceLimits;
import org.affinity.quantization.simd.KernelSelection;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.support.ActionFilter;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.node.DiscoveryNodes;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.ClusterSettings;
import org.opensearch.common.settings.IndexScopedSettings;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.settings.SettingsFilter;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.env.Environment;
import org.opensearch.env.NodeEnvironment;
import org.opensearch.index.IndexModule;
import org.opensearch.index.IndexSettings;
import org.opensearch.index.codec.CodecServiceFactory;
import org.opensearch.index.mapper.Mapper;
import org.opensearch.ingest.Processor;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.EnginePlugin;
import org.opensearch.plugins.IngestPlugin;
import org.opensearch.plugins.MapperPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.SearchPlugin;
import org.opensearch.repositories.RepositoriesService;
import org.opensearch.rest.RestController;
import org.opensearch.rest.RestHandler;
import org.opensearch.script.ScriptService;
import org.opensearch.search.fetch.FetchSubPhase;
import org.opensearch.threadpool.ExecutorBuilder;
import org.opensearch.threadpool.ThreadPool;
import org.opensearch.transport.client.Client;
import org.opensearch.watcher.ResourceWatcherService;

/** The table of contents: what Affinity adds to OpenSearch. */
public final class AffinityPlugin extends Plugin
    implements MapperPlugin, SearchPlugin, EnginePlugin, ActionPlugin, IngestPlugin {

  private static final Logger LOGGER = LogManager.getLogger(AffinityPlugin.class);

  private final SearchCounters searches = new SearchCounters();

  /** Finds the fastest kernels of this machine, beside the node's start. */
  @Override
  public Collection<Object> createComponents(
      Client client,
      ClusterService clusterService,
      ThreadPool threadPool,
      ResourceWatcherService resourceWatcherService,
      ScriptService scriptService,
      NamedXContentRegistry contentRegistry,
      Environment environment,
      NodeEnvironment nodeEnvironment,
      NamedWriteableRegistry writeableRegistry,
      IndexNameExpressionResolver indexNameExpressionResolver,
      Supplier<RepositoriesService> repositoriesServiceSupplier) {
    threadPool
        .generic()
        .execute(() -> LOGGER.info("vector kernels: {}", KernelSelection.calibrate()));
    return List.of(searches);
  }

  @Override
  public List<Setting<?>> getSettings() {
    List<Setting<?>> settings =
        new ArrayList<>(
            List.of(
                AffinitySettings.INDEX_AFFINITY,
                AffinitySettings.DERIVED_SOURCE,
                AffinitySettings.EXCLUDE_SOURCE_VECTORS,
                AffinitySettings.MAX_DIVERSIFY_WINDOW));
    settings.addAll(ReferenceLimits.settings());
    return settings;
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of(EmbeddingFieldMapper.CONTENT_TYPE, EmbeddingFieldMapper.parser(searches));
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
  public List<SearchExtSpec<?>> getSearchExts() {
    return List.of(new SearchExtSpec<>(AffinityExt.NAME, AffinityExt::new, AffinityExt::parse));
  }

  @Override
  public List<ActionFilter> getActionFilters() {
    return List.of(new ExtFilter());
  }

  @Override
  public List<RescorerSpec<?>> getRescorers() {
    return List.of(
        new RescorerSpec<>(
            DiversifyRescorerBuilder.NAME,
            DiversifyRescorerBuilder::new,
            DiversifyRescorerBuilder::fromXContent));
  }

  @Override
  public void onIndexModule(IndexModule module) {
    Settings settings = module.getSettings();
    AffinitySettings.requireWritableCodec(settings);
    if (AffinitySettings.isEnabled(settings)) {
      module.addIndexEventListener(searches);
      module.addSearchOperationListener(new HitSearchListener());
      if (AffinitySettings.derivesSource(settings)) {
        module.addIndexOperationListener(new VectorCutter());
      }
    }
  }

  @Override
  public Optional<CodecServiceFactory> getCustomCodecServiceFactory(IndexSettings settings) {
    return AffinitySettings.isEnabled(settings.getSettings())
        ? Optional.of(AffinityCodecService::new)
        : Optional.empty();
  }

  @Override
  public Map<String, Processor.Factory> getProcessors(Processor.Parameters parameters) {
    return EmbeddingProcessors.factories(parameters);
  }

  @Override
  public List<FetchSubPhase> getFetchSubPhases(FetchPhaseConstructionContext context) {
    return List.of(new HitVectorsPhase());
  }

  @Override
  public List<ActionHandler<? extends ActionRequest, ? extends ActionResponse>> getActions() {
    return AdminActions.handlers();
  }

  @Override
  public List<RestHandler> getRestHandlers(
      Settings settings,
      RestController controller,
      ClusterSettings clusterSettings,
      IndexScopedSettings indexSettings,
      SettingsFilter settingsFilter,
      IndexNameExpressionResolver indexNameExpressionResolver,
      Supplier<DiscoveryNodes> nodes) {
    return AdminActions.restHandlers();
  }

  @Override
  public List<ExecutorBuilder<?>> getExecutorBuilders(Settings settings) {
    return AdminActions.executors();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.Map;
import org.opensearch.ingest.Processor;

/** The table of contents: the processors this package adds to OpenSearch. */
public final class EmbeddingProcessors {

  private EmbeddingProcessors() {}

  /** The factories by the names that pipelines call them. */
  public static Map<String, Processor.Factory> factories(Processor.Parameters parameters) {
    MappedDimension mapped =
        new MappedDimension(() -> parameters.ingestService.getClusterService().state());
    FetchGate gate = new FetchGate(parameters.threadContext);
    VectorFetch.Source vectors = timeout -> new VectorFetch(parameters.client, gate, timeout);
    return Map.of(
        EmbeddingProcessor.TYPE,
        (factories, tag, description, config) ->
            EmbeddingProcessor.create(
                new ProcessorConfig(
                    EmbeddingProcessor.TYPE, tag, description, config, parameters.scriptService),
                mapped),
        LookupProcessor.TYPE,
        (factories, tag, description, config) ->
            LookupProcessor.create(
                new ProcessorConfig(
                    LookupProcessor.TYPE, tag, description, config, parameters.scriptService),
                vectors),
        CombineProcessor.TYPE,
        (factories, tag, description, config) ->
            CombineProcessor.create(
                new ProcessorConfig(
                    CombineProcessor.TYPE, tag, description, config, parameters.scriptService),
                vectors,
                mapped),
        HashMethod.TYPE,
        (factories, tag, description, config) ->
            HashMethod.create(
                new ProcessorConfig(
                    HashMethod.TYPE, tag, description, config, parameters.scriptService),
                vectors));
  }
}

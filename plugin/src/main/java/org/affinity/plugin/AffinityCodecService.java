/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.affinity.ann.codec.AffinityCodec;
import org.affinity.ann.codec.DerivedSourceCodec;
import org.affinity.ann.codec.PerFieldVectorsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.opensearch.index.codec.CodecService;
import org.opensearch.index.codec.CodecServiceConfig;
import org.opensearch.index.mapper.MapperService;

/**
 * Gives the vector fields of an index their formats, under whatever codec {@code index.codec} names
 * (default, best_compression, zstd …): everything else stays that codec's, but that documents can
 * be stored without their vectors.
 */
final class AffinityCodecService extends CodecService {

  private final MapperService mappers;
  private final boolean derivesSource;

  /** One format per method, so that fields of one method share files. */
  private final Map<IndexMethod, KnnVectorsFormat> formats = new ConcurrentHashMap<>();

  AffinityCodecService(CodecServiceConfig config) {
    super(
        config.getMapperService(),
        config.getIndexSettings(),
        config.getLogger(),
        config.getAdditionalCodecs());
    this.mappers = config.getMapperService();
    this.derivesSource = AffinitySettings.derivesSource(config.getIndexSettings().getSettings());
  }

  @Override
  public Codec codec(String name) {
    Codec delegate = super.codec(name);
    if (mappers == null) {
      return delegate;
    }
    KnnVectorsFormat vectors = new PerFieldVectorsFormat(field -> format(delegate, field));
    return derivesSource
        ? new DerivedSourceCodec(delegate, vectors)
        : new AffinityCodec(delegate, vectors);
  }

  private KnnVectorsFormat format(Codec delegate, String field) {
    if (mappers.fieldType(field) instanceof EmbeddingFieldType embedding) {
      return formats.computeIfAbsent(embedding.method(), IndexMethod::format);
    }
    return delegate.knnVectorsFormat() instanceof PerFieldKnnVectorsFormat perField
        ? perField.getKnnVectorsFormatForField(field)
        : new Lucene99HnswVectorsFormat();
  }
}

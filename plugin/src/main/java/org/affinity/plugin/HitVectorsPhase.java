/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.affinity.ann.source.JsonMembers;
import org.apache.lucene.index.LeafReaderContext;
import org.opensearch.common.collect.Tuple;
import org.opensearch.common.regex.Regex;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.common.xcontent.support.XContentMapValues;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.xcontent.MediaType;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.search.SearchHit;
import org.opensearch.search.fetch.FetchContext;
import org.opensearch.search.fetch.FetchSubPhase;
import org.opensearch.search.fetch.FetchSubPhaseProcessor;
import org.opensearch.search.fetch.subphase.FetchSourceContext;

/**
 * Leaves embedding fields out of the {@code _source} of hits, inner hits and top hits, unless a
 * pattern of {@code _source.includes} matches the field's path. Runs behind the phase that fills
 * {@code _source}; highlighting, {@code fields} and scripts have the whole document.
 */
final class HitVectorsPhase implements FetchSubPhase {

  @Override
  public FetchSubPhaseProcessor getProcessor(FetchContext context) {
    FetchSourceContext source = context.fetchSourceContext();
    if (source == null
        || !source.fetchSource()
        || context.getSearchExt(HitSearchListener.Mark.NAME) == null
        || !AffinitySettings.EXCLUDE_SOURCE_VECTORS.get(context.getIndexSettings().getSettings())) {
      return null;
    }
    Set<String> unasked = new HashSet<>();
    for (MappedFieldType type : context.mapperService().fieldTypes()) {
      if (type.unwrap() instanceof EmbeddingFieldType
          && !Regex.simpleMatch(source.includes(), type.name())) {
        unasked.add(type.name());
      }
    }
    return unasked.isEmpty() ? null : new Excluding(unasked);
  }

  private static final class Excluding implements FetchSubPhaseProcessor {

    private final Set<String> fields;

    Excluding(Set<String> fields) {
      this.fields = fields;
    }

    @Override
    public void setNextReader(LeafReaderContext leaf) {}

    @Override
    public void process(HitContext context) throws IOException {
      SearchHit hit = context.hit();
      if (hit.getSourceRef() != null) {
        hit.sourceRef(without(hit.getSourceRef(), relative(hit.getNestedIdentity())));
      }
    }

    /** The fields' paths in a hit that is a nested object. */
    private Set<String> relative(SearchHit.NestedIdentity nested) {
      if (nested == null) {
        return fields;
      }
      StringBuilder path = new StringBuilder();
      for (SearchHit.NestedIdentity at = nested; at != null; at = at.getChild()) {
        path.append(at.getField().string()).append('.');
      }
      String prefix = path.toString();
      return fields.stream()
          .filter(field -> field.startsWith(prefix))
          .map(field -> field.substring(prefix.length()))
          .collect(Collectors.toSet());
    }

    private static BytesReference without(BytesReference source, Set<String> paths)
        throws IOException {
      if (paths.isEmpty()) {
        return source;
      }
      if (source.length() > 0 && source.get(0) == '{') {
        return new BytesArray(JsonMembers.without(source.toBytesRef(), paths));
      }
      Tuple<? extends MediaType, Map<String, Object>> parsed =
          XContentHelper.convertToMap(source, true, (MediaType) null);
      try (XContentBuilder builder = MediaTypeRegistry.contentBuilder(parsed.v1())) {
        builder.map(XContentMapValues.filter(parsed.v2(), null, paths.toArray(String[]::new)));
        return BytesReference.bytes(builder);
      }
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import org.affinity.ann.source.CutSource;
import org.affinity.ann.source.CutSource.Cut;
import org.affinity.ann.source.JsonMembers;
import org.affinity.ann.source.VectorForm;
import org.affinity.plugin.vector.VectorContent;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.util.BytesRef;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.index.shard.ShardId;
import org.opensearch.core.xcontent.DeprecationHandler;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.engine.Engine;
import org.opensearch.index.mapper.ParseContext;
import org.opensearch.index.mapper.ParsedDocument;
import org.opensearch.index.mapper.SourceFieldMapper;
import org.opensearch.index.shard.IndexingOperationListener;

/**
 * Cuts vectors out of the {@code _source} that is about to be stored. A vector is cut only where
 * the JSON at the field's path parses to the very floats that the same block of documents indexes
 * for that field, and would still when it is put back; whatever is different, in another content
 * type or not understood stays as it came.
 *
 * <p>The operation's own source, which goes to the translog, becomes what readers of the stored one
 * will see, so that a document reads the same before and after a refresh, and on every copy.
 */
final class VectorCutter implements IndexingOperationListener {

  @Override
  public Engine.Index preIndex(ShardId shard, Engine.Index operation) {
    ParsedDocument document = operation.parsedDoc();
    Map<String, List<Place>> places = places(document.docs());
    if (!places.isEmpty() && document.getMediaType() == XContentType.JSON) {
      cut(document, places);
    }
    return operation;
  }

  /** A vector, and how many documents before the root its document is. */
  private record Place(float[] vector, int before) {}

  private static Map<String, List<Place>> places(List<ParseContext.Document> block) {
    Map<String, List<Place>> places = new HashMap<>();
    for (int i = 0; i < block.size(); i++) {
      for (IndexableField field : block.get(i)) {
        if (field instanceof EmbeddingField embedding) {
          places
              .computeIfAbsent(field.name(), name -> new ArrayList<>())
              .add(new Place(embedding.vectorValue(), block.size() - 1 - i));
        }
      }
    }
    return places;
  }

  private static void cut(ParsedDocument document, Map<String, List<Place>> places) {
    ListIterator<IndexableField> source = storedSource(document.rootDoc());
    if (source == null) {
      return;
    }
    BytesRef json = source.previous().binaryValue();
    List<Cut> cuts = cuts(json, places);
    if (cuts.isEmpty()) {
      return;
    }
    BytesRef cut = CutSource.cut(json, cuts);
    BytesRef restored = restore(cut, places);
    if (!restored.bytesEquals(json)) {
      if (cuts(restored, places).size() < cuts.size()) {
        return; // it would not read as the same floats
      }
      if (json.bytesEquals(document.source().toBytesRef())) {
        document.setSource(new BytesArray(restored), XContentType.JSON);
      }
    }
    source.set(new StoredField(SourceFieldMapper.NAME, cut));
  }

  /**
   * Behind the stored source; null if there is none to cut. One that the mapping filters has the
   * whole document beside it for a while, and the merge that drops it would put vectors back.
   */
  private static ListIterator<IndexableField> storedSource(ParseContext.Document root) {
    if (root.getField(SourceFieldMapper.RECOVERY_SOURCE_NAME) != null) {
      return null;
    }
    ListIterator<IndexableField> fields = root.getFields().listIterator();
    while (fields.hasNext()) {
      IndexableField field = fields.next();
      if (field.name().equals(SourceFieldMapper.NAME) && field.binaryValue() != null) {
        return CutSource.isCut(field.binaryValue()) ? null : fields;
      }
    }
    return null;
  }

  private static List<Cut> cuts(BytesRef json, Map<String, List<Place>> places) {
    List<Cut> cuts = new ArrayList<>();
    Map<String, Integer> next = new HashMap<>();
    for (JsonMembers.Member member : JsonMembers.find(json, places.keySet())) {
      VectorForm form = form(json.bytes[json.offset + member.from()]);
      float[] vector = form == null ? null : parse(json, member);
      if (vector != null) {
        List<Place> candidates = places.get(member.path());
        int found = find(vector, candidates, next.getOrDefault(member.path(), 0));
        if (found >= 0) {
          next.put(member.path(), found + 1);
          int before = candidates.get(found).before();
          cuts.add(new Cut(member.from(), member.to(), member.path(), before, form));
        }
      }
    }
    return cuts;
  }

  private static VectorForm form(byte first) {
    return switch (first) {
      case '[' -> VectorForm.ARRAY;
      case '"' -> VectorForm.BASE64;
      default -> null;
    };
  }

  private static float[] parse(BytesRef json, JsonMembers.Member member) {
    try (XContentParser parser =
        JsonXContent.jsonXContent.createParser(
            NamedXContentRegistry.EMPTY,
            DeprecationHandler.IGNORE_DEPRECATIONS,
            json.bytes,
            json.offset + member.from(),
            member.to() - member.from())) {
      parser.nextToken();
      return VectorContent.parse(parser, member.path());
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  /** The place of a vector, tried from where the last one was: blocks keep the order of JSON. */
  private static int find(float[] vector, List<Place> places, int from) {
    for (int i = 0; i < places.size(); i++) {
      int place = (from + i) % places.size();
      if (Arrays.equals(vector, places.get(place).vector())) {
        return place;
      }
    }
    return -1;
  }

  private static BytesRef restore(BytesRef cut, Map<String, List<Place>> places) {
    Map<String, Map<Integer, float[]>> vectors = new HashMap<>();
    places.forEach(
        (field, list) -> {
          Map<Integer, float[]> byBefore = new HashMap<>();
          list.forEach(place -> byBefore.putIfAbsent(place.before(), place.vector()));
          vectors.put(field, byBefore);
        });
    try {
      return new BytesRef(
          CutSource.restore(cut, (field, before) -> vectors.get(field).get(before)));
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
  }
}

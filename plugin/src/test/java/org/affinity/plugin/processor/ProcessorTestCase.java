/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import static org.hamcrest.Matchers.containsString;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.cluster.ClusterName;
import org.opensearch.cluster.ClusterState;
import org.opensearch.cluster.metadata.IndexMetadata;
import org.opensearch.cluster.metadata.Metadata;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.common.Strings;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.index.VersionType;
import org.opensearch.ingest.ConfigurationUtils;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.ingest.Processor;
import org.opensearch.ingest.TestTemplateService;
import org.opensearch.test.OpenSearchTestCase;

/** Makes processors from JSON, as a pipeline does, over a mapping with two embeddings. */
public abstract class ProcessorTestCase extends OpenSearchTestCase {

  private static final String MAPPING =
      """
      {"properties": {"taste": {"type": "embedding", "dimension": 3},
        "user": {"properties": {"taste": {"type": "embedding", "dimension": 2}}},
        "title": {"type": "text"}}}""";

  private final MappedDimension mapped = new MappedDimension(ProcessorTestCase::state);

  private static ClusterState state() {
    try {
      IndexMetadata index =
          IndexMetadata.builder("books")
              .settings(
                  Settings.builder()
                      .put(IndexMetadata.SETTING_VERSION_CREATED, Version.CURRENT)
                      .put(IndexMetadata.SETTING_INDEX_UUID, "uuid"))
              .numberOfShards(1)
              .numberOfReplicas(0)
              .putMapping(MAPPING)
              .build();
      return ClusterState.builder(new ClusterName("test"))
          .metadata(Metadata.builder().put(index, false))
          .build();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  final Processor processor(String type, String json) throws Exception {
    VectorFetch.Source none = timeout -> null;
    Map<String, Processor.Factory> factories =
        Map.of(
            EmbeddingProcessor.TYPE,
            (all, tag, text, map) -> EmbeddingProcessor.create(config(type, map), mapped),
            LookupProcessor.TYPE,
            (all, tag, text, map) -> LookupProcessor.create(config(type, map), none),
            CombineProcessor.TYPE,
            (all, tag, text, map) -> CombineProcessor.create(config(type, map), none, mapped),
            HashMethod.TYPE,
            (all, tag, text, map) -> HashMethod.create(config(type, map), none));
    return ConfigurationUtils.readProcessor(
        factories, TestTemplateService.instance(), type, json(json));
  }

  private static ProcessorConfig config(String type, Map<String, Object> map) {
    return new ProcessorConfig(type, "tag", "text", map, TestTemplateService.instance());
  }

  static Map<String, Object> json(String json) {
    return new HashMap<>(XContentHelper.convertToMap(JsonXContent.jsonXContent, json, false));
  }

  static IngestDocument document(String source) {
    return new IngestDocument("books", "b1", null, null, VersionType.INTERNAL, json(source));
  }

  final IngestDocument run(String type, String config, String source) throws Exception {
    IngestDocument document = document(source);
    assertSame(document, processor(type, config).execute(document));
    return document;
  }

  /** The error has status 400 and all the words. */
  final void assertConfigRefused(String type, String config, String... words) {
    Exception e = expectThrows(Exception.class, () -> processor(type, config));
    assertRefused(e, words);
  }

  final void assertDocumentRefused(String type, String config, String source, String... words) {
    IngestDocument document = document(source);
    IngestDocument before = new IngestDocument(document);
    Exception e = expectThrows(Exception.class, () -> processor(type, config).execute(document));
    assertRefused(e, words);
    assertEquals("left as it was", before.getSourceAndMetadata(), document.getSourceAndMetadata());
  }

  private static void assertRefused(Exception e, String... words) {
    assertEquals(e.toString(), 400, org.opensearch.ExceptionsHelper.status(e).getStatus());
    for (String word : words) {
      assertThat(e.getMessage(), containsString(word));
    }
  }

  static String base64(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  static String base64Halves(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(Float.floatToFloat16(value));
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  static List<Float> floats(float... values) {
    List<Float> list = new java.util.ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  /** What the document's source will be. */
  static String source(IngestDocument document) throws java.io.IOException {
    Map<String, Object> source = new HashMap<>(document.getSourceAndMetadata());
    for (IngestDocument.Metadata metadata : IngestDocument.Metadata.values()) {
      source.remove(metadata.getFieldName());
    }
    return Strings.toString(
        MediaTypeRegistry.JSON,
        (builder, params) -> {
          for (Map.Entry<String, Object> entry : source.entrySet()) {
            builder.field(entry.getKey(), entry.getValue());
          }
          return builder;
        });
  }
}

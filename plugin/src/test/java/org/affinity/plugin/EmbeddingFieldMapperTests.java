/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.opensearch.common.settings.Settings;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.codec.CodecServiceConfig;
import org.opensearch.index.mapper.DocumentMapper;
import org.opensearch.index.mapper.MapperParsingException;
import org.opensearch.index.mapper.MapperService;
import org.opensearch.index.mapper.MapperTestCase;
import org.opensearch.index.mapper.ParseContext;
import org.opensearch.index.mapper.ParsedDocument;
import org.opensearch.plugins.Plugin;

public class EmbeddingFieldMapperTests extends MapperTestCase {

  private static final int DIMENSION = 3;

  @Override
  protected Collection<? extends Plugin> getPlugins() {
    return List.of(new AffinityPlugin());
  }

  @Override
  protected Settings getIndexSettings() {
    return Settings.builder()
        .put(super.getIndexSettings())
        .put(AffinitySettings.INDEX_AFFINITY.getKey(), true)
        .build();
  }

  @Override
  protected void minimalMapping(XContentBuilder b) throws IOException {
    b.field("type", "embedding").field("dimension", DIMENSION);
  }

  @Override
  protected void writeFieldValue(XContentBuilder b) throws IOException {
    b.value(new float[] {1, 2.5f, -3});
  }

  @Override
  protected void registerParameters(ParameterChecker checker) throws IOException {
    checker.registerConflictCheck(
        "dimension",
        fieldMapping(this::minimalMapping),
        fieldMapping(b -> b.field("type", "embedding").field("dimension", 4)));
    checker.registerConflictCheck("space_type", b -> b.field("space_type", "cosinesimil"));
    checker.registerConflictCheck("method", b -> b.field("method", Map.of("name", "flat")));
  }

  public void testArrayAndBase64GiveTheSameVector() throws IOException {
    DocumentMapper mapper = mapper("innerproduct");
    float[] expected = {1, 2.5f, -3};
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(expected);
    String base64 = Base64.getEncoder().encodeToString(bytes.array());
    for (Object value : List.of(List.of(1, 2.5, -3), base64)) {
      ParseContext.Document doc = mapper.parse(source(b -> b.field("field", value))).rootDoc();
      KnnFloatVectorField field = (KnnFloatVectorField) doc.getField("field");
      assertArrayEquals(expected, field.vectorValue(), 0);
      assertEquals(
          VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT,
          field.fieldType().vectorSimilarityFunction());
    }
  }

  public void testNullAndMissingAreFine() throws IOException {
    DocumentMapper mapper = mapper("l2");
    assertNull(mapper.parse(source(b -> b.nullField("field"))).rootDoc().getField("field"));
    assertNull(mapper.parse(source(b -> b.field("other", 1))).rootDoc().getField("field"));
  }

  public void testBadVectorsAreRefusedWithFieldDocumentAndPosition() throws IOException {
    assertRefused("l2", List.of(1, 2), "has [2] values", "[dimension: 3]");
    assertRefused("l2", List.of(1, 2, 3, 4), "has [4] values", "[dimension: 3]");
    assertRefused("l2", List.of(), "has [0] values", "[dimension: 3]");
    assertRefused("l2", List.of(1, "NaN", 3), "[NaN] at position [1]");
    assertRefused("l2", List.of(1, 2, 1e39), "[Infinity] at position [2]");
    assertRefused("l2", List.of(1, List.of(2), 3), "at position [1]", "not a number");
    assertRefused("l2", "no base64!", "not valid base64", "little-endian float32");
    assertRefused("l2", "AAAA", "[3] bytes, not a multiple of 4");
    assertRefused("l2", 7, "is [7]", "give an array of numbers or base64");
    assertRefused("l2", Map.of("a", 1), "give an array of numbers or base64");
    assertRefused("cosinesimil", List.of(0, 0, 0), "zero vector", "leave it out");
    assertRefused("cosinesimil", List.of(1e-30, 0, 0), "too small", "scale it up");
    for (String space : List.of("l2", "cosinesimil", "innerproduct")) {
      assertRefused(space, List.of(3e38, 0, 0), "too large to compare in float32", "scale it");
      assertNotNull(mapper(space).parse(source(b -> b.field("field", List.of(9e18, 1, 1)))));
    }
    assertNotNull(mapper("l2").parse(source(b -> b.field("field", List.of(0, 0, 0)))));
    ByteBuffer nan = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    nan.putFloat(4, Float.NaN);
    String base64 = Base64.getEncoder().encodeToString(nan.array());
    assertRefused("l2", base64, "[NaN] at position [1]");
  }

  public void testSecondVectorIsRefused() throws IOException {
    DocumentMapper mapper =
        createDocumentMapper(
            mapping(
                b -> {
                  b.startObject("a").startObject("properties").startObject("field");
                  minimalMapping(b);
                  b.endObject().endObject().endObject();
                }));
    Map<String, Object> vector = Map.of("field", List.of(1, 2, 3));
    MapperParsingException e =
        expectThrows(
            MapperParsingException.class,
            () -> mapper.parse(source(b -> b.field("a", List.of(vector, vector)))));
    assertThat(e.getCause().getMessage(), containsString("more than one vector"));
  }

  public void testNestedObjectsHaveAVectorEach() throws IOException {
    DocumentMapper mapper =
        createDocumentMapper(
            mapping(
                b -> {
                  b.startObject("a").field("type", "nested");
                  b.startObject("properties").startObject("field");
                  minimalMapping(b);
                  b.endObject().endObject().endObject();
                }));
    Map<String, Object> vector = Map.of("field", List.of(1, 2, 3));
    ParsedDocument doc = mapper.parse(source(b -> b.field("a", List.of(vector, vector))));
    assertEquals(3, doc.docs().size());
    assertNotNull(doc.docs().get(0).getField("a.field"));
    assertNotNull(doc.docs().get(1).getField("a.field"));
  }

  public void testMappingIsChecked() {
    assertMappingRefused("[dimension] is required", b -> {});
    assertMappingRefused("[dimension] is required", b -> b.field("dimension", 0));
    assertMappingRefused("[dimension] is required", b -> b.field("dimension", 4097));
    assertMappingRefused(
        "must be one of [l2, cosinesimil, innerproduct]",
        b -> b.field("dimension", 3).field("space_type", "hamming"));
    assertMethodRefused("one of [flat, hnsw]", Map.of("name", "ivf"));
    assertMethodRefused("one of [flat, hnsw]", Map.of());
    assertMethodRefused("unknown option(s) [engine]", Map.of("name", "hnsw", "engine", "faiss"));
    assertMethodRefused(
        "method.parameters has unknown option(s) [nlist]",
        Map.of("name", "flat", "parameters", Map.of("nlist", 4)));
    assertMethodRefused(
        "method.parameters.m must be between 2 and 512, got [1]",
        Map.of("name", "hnsw", "parameters", Map.of("m", 1)));
    assertMethodRefused(
        "method.parameters.ef_construction must be a whole number, got [many]",
        Map.of("name", "hnsw", "parameters", Map.of("ef_construction", "many")));
    assertEncoderRefused("one of [none, pq]", Map.of("name", "sq"));
    assertEncoderRefused(
        "code_size must be between 8 and 8, got [4]",
        Map.of("name", "pq", "parameters", Map.of("code_size", 4)));
    assertEncoderRefused(
        "must not be above [dimension: 3]", Map.of("name", "pq", "parameters", Map.of("m", 4)));
    assertMappingRefused(
        "has no [fields]",
        b -> b.field("dimension", 3).field("fields", Map.of("raw", Map.of("type", "keyword"))));
    assertMappingRefused(
        "unknown parameter [compression_level]",
        b -> b.field("dimension", 3).field("compression_level", "16x"));
  }

  public void testMethodsAndEncodersAreUnderstood() throws IOException {
    assertMethod(IndexMethod.DEFAULT, null);
    assertMethod(new IndexMethod.Flat(Encoder.DEFAULT), Map.of("name", "flat"));
    assertMethod(
        new IndexMethod.Flat(new Encoder.None()),
        Map.of("name", "flat", "parameters", Map.of("encoder", Map.of("name", "none"))));
    assertMethod(
        new IndexMethod.Hnsw(24, 200, new Encoder.Pq(2)),
        Map.of(
            "name",
            "hnsw",
            "parameters",
            Map.of(
                "m",
                24,
                "ef_construction",
                200,
                "encoder",
                Map.of("name", "pq", "parameters", Map.of("m", 2, "code_size", 8)))));
  }

  public void testEqualMethodsShareAFormatName() {
    assertEquals("AffinityHnswPq1", IndexMethod.DEFAULT.format().getName());
    assertEquals("AffinityFlatPq1", new IndexMethod.Flat(Encoder.DEFAULT).format().getName());
    assertEquals(
        "Lucene99HnswVectorsFormat",
        new IndexMethod.Hnsw(16, 100, new Encoder.None()).format().getName());
  }

  /** As the codecs of another plugin are: zstd comes with one that this build does not have. */
  public void testCodecsOfOtherPluginsKeepTheirNameAndGetOurVectors() throws IOException {
    MapperService service = createMapperService(fieldMapping(this::minimalMapping));
    Codec zstd = new FilterCodec("FakeZstd", Codec.forName("Lucene104")) {};
    CodecServiceConfig config =
        new CodecServiceConfig(
            service.getIndexSettings(),
            service,
            logger,
            List.of((mappers, settings, fallback) -> Map.of("zstd", zstd)));
    for (String name : List.of("zstd", "default", "best_compression")) {
      Codec codec = new AffinityCodecService(config).codec(name);
      assertEquals(name.equals("zstd") ? "FakeZstd" : "Lucene104", codec.getName());
      PerFieldKnnVectorsFormat vectors = (PerFieldKnnVectorsFormat) codec.knnVectorsFormat();
      assertEquals("AffinityHnswPq1", vectors.getKnnVectorsFormatForField("field").getName());
      assertEquals(
          "another plugin's vector field keeps the delegate's format",
          "Lucene99HnswVectorsFormat",
          vectors.getKnnVectorsFormatForField("other").getName());
      assertSame(
          "one format for equal methods",
          vectors.getKnnVectorsFormatForField("field"),
          vectors.getKnnVectorsFormatForField("field"));
    }
  }

  private void assertMethod(IndexMethod expected, Map<String, Object> json) throws IOException {
    MapperService service =
        createMapperService(
            fieldMapping(
                b -> {
                  minimalMapping(b);
                  if (json != null) {
                    b.field("method", json);
                  }
                }));
    EmbeddingFieldType type = (EmbeddingFieldType) service.fieldType("field");
    assertEquals(expected, type.method());
    assertEquals("what is written out reads back", expected, IndexMethod.parse(expected.toMap()));
  }

  private void assertMethodRefused(String words, Map<String, Object> method) {
    assertMappingRefused(words, b -> b.field("dimension", 3).field("method", method));
  }

  private void assertEncoderRefused(String words, Map<String, Object> encoder) {
    assertMethodRefused(words, Map.of("name", "hnsw", "parameters", Map.of("encoder", encoder)));
  }

  private interface Content {
    void write(XContentBuilder b) throws IOException;
  }

  private void assertMappingRefused(String words, Content content) {
    MapperParsingException e =
        expectThrows(
            MapperParsingException.class,
            () ->
                createMapperService(
                    fieldMapping(
                        b -> {
                          b.field("type", "embedding");
                          content.write(b);
                        })));
    assertThat(e.getMessage(), containsString(words));
  }

  private void assertRefused(String spaceType, Object value, String... words) throws IOException {
    DocumentMapper mapper = mapper(spaceType);
    MapperParsingException e =
        expectThrows(
            MapperParsingException.class,
            () -> mapper.parse(source(b -> b.field("field", value).field("other", "x"))));
    assertThat(
        e.getMessage(),
        allOf(containsString("field [field]"), containsString("document with id '1'")));
    assertThat(e.getCause().getMessage(), containsString("field [field]"));
    for (String word : words) {
      assertThat(e.getCause().getMessage(), containsString(word));
    }
  }

  private DocumentMapper mapper(String spaceType) throws IOException {
    return createDocumentMapper(
        fieldMapping(
            b -> {
              minimalMapping(b);
              b.field("space_type", spaceType);
            }));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.opensearch.core.xcontent.ToXContent.EMPTY_PARAMS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.json.JsonXContent;
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

  private static final List<Encoder> ENCODERS =
      List.of(
          new Encoder.None(),
          new Encoder.Sq(8),
          new Encoder.Sq(4),
          new Encoder.Binary(),
          Encoder.DEFAULT,
          new Encoder.Pq(2));

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
    checker.registerUpdateCheck(
        b -> b.field("method", Map.of("name", "flat")),
        mapper ->
            assertEquals(
                new IndexMethod.Flat(Encoder.DEFAULT),
                ((EmbeddingFieldType) mapper.fieldType()).method()));
    checker.registerUpdateCheck(
        b -> b.field("compression_level", "4x"),
        mapper ->
            assertEquals(
                new Encoder.Sq(8), ((EmbeddingFieldType) mapper.fieldType()).method().encoder()));
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
    assertMethodRefused("one of [auto, flat, hnsw, ivf]", Map.of("name", "annoy"));
    assertMethodRefused("one of [auto, flat, hnsw, ivf]", Map.of());
    assertMethodRefused(
        "between 1 and 65536", Map.of("name", "ivf", "parameters", Map.of("nlist", 0)));
    assertMethodRefused(
        "between 1 and nlist [8]",
        Map.of("name", "ivf", "parameters", Map.of("nlist", 8, "nprobes", 9)));
    assertMethodRefused(
        "[ivf] takes encoder [pq]",
        Map.of("name", "ivf", "parameters", Map.of("encoder", Map.of("name", "sq"))));
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
    assertEncoderRefused(
        "must not be above [dimension: 3]", Map.of("name", "pq", "parameters", Map.of("m", 4)));
    assertMappingRefused(
        "has no [fields]",
        b -> b.field("dimension", 3).field("fields", Map.of("raw", Map.of("type", "keyword"))));
  }

  public void testEncodersAreChecked() {
    String path = "method.parameters.encoder.parameters";
    assertEncoderRefused(
        "method.parameters.encoder.name must be one of [binary, none, pq, sq], got [bq]",
        Map.of("name", "bq"));
    assertEncoderRefused("name must be one of [binary, none, pq, sq], got [null]", Map.of());
    assertEncoderRefused(
        "method.parameters.encoder has unknown option(s) [bits]; [encoder] takes [name,"
            + " parameters]",
        Map.of("name", "sq", "bits", 4));
    assertEncoderRefused(path + ".code_size must be one of [8], got [4]", "pq", "code_size", 4);
    assertEncoderRefused(path + ".m must be between 1 and 1024, got [1025]", "pq", "m", 1025);
    assertEncoderRefused(path + ".m must be between 1 and 1024, got [0]", "pq", "m", 0);
    assertEncoderRefused(path + ".m must be a whole number, got [few]", "pq", "m", "few");
    assertEncoderRefused(path + ".bits must be one of [4, 8], got [7]", "sq", "bits", 7);
    assertEncoderRefused(path + ".bits must be one of [4, 8], got [1]", "sq", "bits", 1);
    assertEncoderRefused(path + ".bits must be one of [1], got [2]", "binary", "bits", 2);
    for (String alien : List.of("m", "code_size", "confidence_interval")) {
      String unknown = path + " has unknown option(s) [" + alien + "]; ";
      assertEncoderRefused(unknown + "[sq] takes [bits]", "sq", alien, 8);
      assertEncoderRefused(unknown + "[binary] takes [bits]", "binary", alien, 8);
      assertEncoderRefused(unknown + "[none] takes none", "none", alien, 8);
    }
    assertEncoderRefused(
        path + " has unknown option(s) [bits]; [pq] takes [code_size, m]", "pq", "bits", 8);
    assertMethodRefused(
        "method.parameters has unknown option(s) [ef_construction, m]; [flat] takes [encoder]",
        Map.of("name", "flat", "parameters", Map.of("m", 16, "ef_construction", 100)));
  }

  public void testCompressionLevelIsChecked() {
    for (Object level : List.of("2x", "128x", 16, "")) {
      assertMappingRefused(
          "[compression_level] must be one of [auto, 1x, 4x, 8x, 16x, 32x, 64x], got ["
              + level
              + "]",
          b -> b.field("dimension", 3).field("compression_level", level));
    }
    assertLevelRefused("4x", Map.of("name", "sq", "parameters", Map.of("bits", 4)));
    assertLevelRefused("8x", Map.of("name", "sq"));
    assertLevelRefused("16x", Map.of("name", "pq", "parameters", Map.of("m", 2)));
    assertLevelRefused("32x", Map.of("name", "binary"));
    assertLevelRefused("1x", Map.of("name", "pq"));
  }

  private void assertLevelRefused(String level, Map<String, Object> encoder) {
    for (String words :
        List.of("[compression_level: " + level + "] is short for", "give one of the two")) {
      assertMappingRefused(
          words,
          b ->
              b.field("dimension", 3)
                  .field("compression_level", level)
                  .field("method", hnsw(Map.of("encoder", encoder))));
    }
  }

  public void testCompressionLevelPicksTheEncoder() throws IOException {
    Map<String, Encoder> at64 =
        Map.of(
            "auto", Encoder.DEFAULT,
            "1x", new Encoder.None(),
            "4x", new Encoder.Sq(8),
            "8x", new Encoder.Sq(4),
            "16x", new Encoder.Pq(16),
            "32x", new Encoder.Pq(8),
            "64x", new Encoder.Pq(4));
    for (Map.Entry<String, Encoder> entry : at64.entrySet()) {
      Encoder encoder = entry.getValue();
      String level = entry.getKey();
      assertEquals(IndexMethod.DEFAULT.with(encoder), method(level, null));
      assertEquals(new IndexMethod.Flat(encoder), method(level, Map.of("name", "flat")));
      assertEquals(
          "the same encoder twice is no contradiction",
          IndexMethod.Hnsw.DEFAULT.with(encoder),
          method(level, hnsw(Map.of("encoder", encoder.toMap()))));
    }
    assertEquals(
        "what pq leaves open is the level's",
        IndexMethod.Hnsw.DEFAULT.with(new Encoder.Pq(4)),
        method("64x", hnsw(Map.of("encoder", Map.of("name", "pq")))));
  }

  private static Map<String, Object> hnsw(Map<String, Object> parameters) {
    return Map.of("name", "hnsw", "parameters", parameters);
  }

  private IndexMethod method(String level, Map<String, Object> method) throws IOException {
    MapperService service =
        createMapperService(
            fieldMapping(
                b -> {
                  b.field("type", "embedding").field("dimension", 64);
                  b.field("compression_level", level);
                  if (method != null) {
                    b.field("method", method);
                  }
                }));
    return ((EmbeddingFieldType) service.fieldType("field")).method();
  }

  public void testMethodsAndEncodersAreUnderstood() throws IOException {
    assertMethod(IndexMethod.DEFAULT.with(Encoder.DEFAULT), null);
    assertMethod(IndexMethod.DEFAULT.with(Encoder.DEFAULT), Map.of("name", "auto"));
    assertMethod(new IndexMethod.Flat(Encoder.DEFAULT), Map.of("name", "flat"));
    assertMethod(
        new IndexMethod.Hnsw(24, 200, new Encoder.Pq(2)),
        hnsw(
            Map.of(
                "m",
                24,
                "ef_construction",
                "200",
                "encoder",
                Map.of("name", "pq", "parameters", Map.of("m", 2, "code_size", 8)))));
    for (Encoder encoder : ENCODERS) {
      for (IndexMethod method :
          List.of(new IndexMethod.Flat(encoder), new IndexMethod.Hnsw(7, 70, encoder))) {
        assertMethod(method, method.toMap());
      }
    }
    assertMethod(
        new IndexMethod.Flat(new Encoder.Sq(8)),
        Map.of("name", "flat", "parameters", Map.of("encoder", Map.of("name", "sq"))));
    assertMethod(
        new IndexMethod.Flat(new Encoder.Binary()),
        Map.of("name", "flat", "parameters", Map.of("encoder", Map.of("name", "binary"))));
  }

  public void testMappingIsWrittenAsItWasGiven() throws IOException {
    assertEquals("{\"type\":\"embedding\",\"dimension\":3}", written(b -> {}));
    String sq = "{\"name\":\"sq\",\"parameters\":{\"bits\":4}}";
    assertEquals(
        "{\"type\":\"embedding\",\"dimension\":3,\"method\":{\"name\":\"flat\","
            + "\"parameters\":{\"encoder\":"
            + sq
            + "}}}",
        written(b -> b.field("method", new IndexMethod.Flat(new Encoder.Sq(4)).toMap())));
    assertEquals(
        "{\"type\":\"embedding\",\"dimension\":3,\"method\":{\"name\":\"hnsw\","
            + "\"parameters\":{\"ef_construction\":100,\"m\":8}},\"compression_level\":\"8x\"}",
        written(b -> b.field("method", hnsw(Map.of("m", 8))).field("compression_level", "8x")));
  }

  private String written(Content content) throws IOException {
    MapperService service =
        createMapperService(
            fieldMapping(
                b -> {
                  minimalMapping(b);
                  content.write(b);
                }));
    XContentBuilder json = JsonXContent.contentBuilder().startObject();
    service.documentMapper().mappers().getMapper("field").toXContent(json, EMPTY_PARAMS);
    String text = json.endObject().toString();
    return text.substring("{\"field\":".length(), text.length() - 1);
  }

  /** As of every updateable parameter: an update that leaves it out sets it to the default. */
  public void testAnUpdateThatNamesNoMethodMeansTheDefault() throws IOException {
    MapperService service =
        createMapperService(
            fieldMapping(
                b -> {
                  minimalMapping(b);
                  b.field("method", Map.of("name", "flat"));
                }));
    merge(service, fieldMapping(this::minimalMapping));
    EmbeddingFieldType type = (EmbeddingFieldType) service.fieldType("field");
    assertEquals(IndexMethod.DEFAULT.with(Encoder.DEFAULT), type.method());
    Exception e =
        expectThrows(
            Exception.class,
            () ->
                merge(
                    service,
                    fieldMapping(
                        b -> {
                          minimalMapping(b);
                          b.field("method", new IndexMethod.Flat(new Encoder.Pq(4)).toMap());
                        })));
    assertThat(e.getMessage(), containsString("must not be above [dimension: 3]"));
  }

  public void testFormatsHaveLucenesNamesWhereTheyAreLucenes() {
    Map<Encoder, String> hnsw =
        Map.of(
            Encoder.DEFAULT,
            "AffinityHnswPq1",
            new Encoder.None(),
            "Lucene99HnswVectorsFormat",
            new Encoder.Sq(8),
            "Lucene104HnswBinaryQuantizedVectorsFormat",
            new Encoder.Sq(4),
            "Lucene104HnswBinaryQuantizedVectorsFormat",
            new Encoder.Binary(),
            "Lucene104HnswBinaryQuantizedVectorsFormat");
    Map<Encoder, String> flat =
        Map.of(
            Encoder.DEFAULT,
            "AffinityFlatPq1",
            new Encoder.None(),
            "AffinityFlatPq1",
            new Encoder.Sq(8),
            "Lucene104ScalarQuantizedVectorsFormat",
            new Encoder.Sq(4),
            "Lucene104ScalarQuantizedVectorsFormat",
            new Encoder.Binary(),
            "Lucene104ScalarQuantizedVectorsFormat");
    hnsw.forEach(
        (encoder, name) ->
            assertEquals(name, IndexMethod.Hnsw.DEFAULT.with(encoder).format().getName()));
    flat.forEach(
        (encoder, name) -> assertEquals(name, new IndexMethod.Flat(encoder).format().getName()));
    assertEquals("AffinityIvfPq1", IndexMethod.DEFAULT.format().getName());
    for (Encoder encoder : List.of(new Encoder.None(), new Encoder.Sq(4), new Encoder.Binary())) {
      assertEquals(IndexMethod.Hnsw.DEFAULT.with(encoder), IndexMethod.DEFAULT.with(encoder));
    }
    assertEquals(
        new IndexMethod.Ivf(0, 0, new Encoder.Pq(4)), IndexMethod.DEFAULT.with(new Encoder.Pq(4)));
  }

  /** As the codecs of another plugin are: zstd comes with one that this build does not have. */
  public void testCodecsOfOtherPluginsGetOurVectors() throws IOException {
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
      assertEquals("Affinity1", codec.getName());
      assertEquals(zstd.postingsFormat().getName(), codec.postingsFormat().getName());
      PerFieldKnnVectorsFormat vectors = (PerFieldKnnVectorsFormat) codec.knnVectorsFormat();
      assertEquals("AffinityIvfPq1", vectors.getKnnVectorsFormatForField("field").getName());
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

  public void testTheCodecFollowsTheMapping() throws IOException {
    MapperService service = createMapperService(fieldMapping(this::minimalMapping));
    CodecServiceConfig config =
        new CodecServiceConfig(service.getIndexSettings(), service, logger, List.of());
    PerFieldKnnVectorsFormat vectors =
        (PerFieldKnnVectorsFormat)
            new AffinityCodecService(config).codec("default").knnVectorsFormat();
    assertEquals(4096, vectors.getMaxDimensions("field"));
    KnnVectorsFormat before = vectors.getKnnVectorsFormatForField("field");
    for (String level : List.of("8x", "auto")) {
      merge(
          service,
          fieldMapping(
              b -> {
                minimalMapping(b);
                b.field("compression_level", level);
              }));
      KnnVectorsFormat now = vectors.getKnnVectorsFormatForField("field");
      if (level.equals("8x")) {
        assertEquals("Lucene104HnswBinaryQuantizedVectorsFormat", now.getName());
      } else {
        assertSame("equal methods, one format", before, now);
      }
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

  private void assertEncoderRefused(String words, String name, String option, Object value) {
    assertEncoderRefused(words, Map.of("name", name, "parameters", Map.of(option, value)));
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

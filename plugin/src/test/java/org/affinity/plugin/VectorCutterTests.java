/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.affinity.ann.source.CutSource;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.util.BytesRef;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.common.xcontent.XContentType;
import org.opensearch.core.common.bytes.BytesArray;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.xcontent.MediaType;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.VersionType;
import org.opensearch.index.engine.Engine;
import org.opensearch.index.mapper.DocumentMapper;
import org.opensearch.index.mapper.MapperServiceTestCase;
import org.opensearch.index.mapper.ParseContext;
import org.opensearch.index.mapper.ParsedDocument;
import org.opensearch.index.mapper.SourceToParse;
import org.opensearch.plugins.Plugin;

/** Whatever is cut comes back as the same document; whatever is doubtful is not cut. */
public class VectorCutterTests extends MapperServiceTestCase {

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

  /** v, o.v, n.v (nested), n.m.v (nested twice), p.v (nested, kept in the parent too). */
  private DocumentMapper mapper() throws IOException {
    return createDocumentMapper(
        topMapping(
            b -> {
              b.startObject("properties");
              embedding(b, "v");
              b.startObject("o").startObject("properties");
              embedding(b, "v");
              b.endObject().endObject();
              b.startObject("n").field("type", "nested").startObject("properties");
              embedding(b, "v");
              b.startObject("m").field("type", "nested").startObject("properties");
              embedding(b, "v");
              b.endObject().endObject().endObject().endObject();
              b.startObject("p").field("type", "nested").field("include_in_parent", true);
              b.startObject("properties");
              embedding(b, "v");
              b.endObject().endObject();
              b.startObject("off").field("type", "object").field("enabled", false).endObject();
              b.startObject("copied").field("type", "keyword").field("copy_to", "to").endObject();
              embedding(b, "to");
              b.endObject();
            }));
  }

  private static void embedding(XContentBuilder b, String name) throws IOException {
    b.startObject(name).field("type", "embedding").field("dimension", DIMENSION).endObject();
  }

  private record Outcome(BytesRef stored, BytesRef restored, int cuts) {}

  private static Outcome cut(DocumentMapper mapper, BytesReference source, XContentType type)
      throws IOException {
    ParsedDocument document = mapper.parse(new SourceToParse("index", "1", source, type));
    List<BytesRef> vectors = vectors(document);
    Engine.Index operation =
        new Engine.Index(
            null,
            document,
            0,
            1,
            1,
            VersionType.INTERNAL,
            Engine.Operation.Origin.PRIMARY,
            0,
            -1,
            false,
            0,
            0);
    assertSame(operation, new VectorCutter().preIndex(null, operation));
    assertSame("twice is once", operation, new VectorCutter().preIndex(null, operation));
    BytesRef stored = document.rootDoc().getBinaryValue("_source");
    int[] cuts = {0};
    BytesRef restored =
        !CutSource.isCut(stored)
            ? stored
            : new BytesRef(
                CutSource.restore(
                    stored,
                    (field, before) -> {
                      cuts[0]++;
                      List<ParseContext.Document> docs = document.docs();
                      return ((KnnFloatVectorField)
                              docs.get(docs.size() - 1 - before).getField(field))
                          .vectorValue();
                    }));
    BytesReference operationSource = document.source();
    if (stored != null) {
      assertEquals(restored, operationSource.toBytesRef());
    }
    // What comes back is the same document to the mapper, bit for bit.
    ParsedDocument again = mapper.parse(new SourceToParse("index", "1", operationSource, type));
    assertEquals(vectors, vectors(again));
    return new Outcome(stored, restored, cuts[0]);
  }

  private static Outcome cut(DocumentMapper mapper, String json) throws IOException {
    return cut(mapper, new BytesArray(json), XContentType.JSON);
  }

  /** Every vector of a block with its place, bit for bit. */
  private static List<BytesRef> vectors(ParsedDocument document) {
    List<BytesRef> vectors = new ArrayList<>();
    int place = 0;
    for (ParseContext.Document part : document.docs()) {
      for (IndexableField field : part) {
        if (field instanceof KnnFloatVectorField vector) {
          int[] bits = new int[DIMENSION];
          for (int d = 0; d < DIMENSION; d++) {
            bits[d] = Float.floatToRawIntBits(vector.vectorValue()[d]);
          }
          vectors.add(new BytesRef(place + field.name() + Arrays.toString(bits)));
        }
      }
      place++;
    }
    return vectors;
  }

  private void assertCut(DocumentMapper mapper, int cuts, String json, String restored)
      throws IOException {
    Outcome outcome = cut(mapper, json);
    assertEquals(json, cuts, outcome.cuts());
    assertEquals(restored, outcome.restored().utf8ToString());
  }

  public void testAllPlaces() throws IOException {
    DocumentMapper mapper = mapper();
    for (String json :
        new String[] {
          "{\"v\":[1.0,2.5,-3.0],\"title\":\"x\"}",
          "{ \"title\" : \"x\" ,\n\"o\":{\"v\":[1.0,2.5,-3.0]} }",
          "{\"o.v\":[1.0,2.5,-3.0]}",
          "{\"n\":{\"v\":[1.0,2.5,-3.0]}}",
          "{\"v\":\"AACAPwAAgD8AAIA/\"}",
          "{\"n\":{\"m\":[{\"v\":[1.0,2.5,-3.0]}]}}",
          "{\"p\":[{\"v\":[1.0,2.5,-3.0]}],\"to\":null}",
        }) {
      assertCut(mapper, 1, json, json);
    }
    String many =
        "{\"n\":[{\"v\":[1.0,2.0,3.0],\"m\":[{\"v\":[4.0,5.0,6.0]},{\"x\":1},"
            + "{\"v\":\"AACAPwAAgD8AAIA/\"}]},{\"v\":null},{\"v\":[1.0,2.0,3.0]}],"
            + "\"v\":[7.0,8.0,9.0],\"o\":{\"v\":[-0.0,0.0,1.0E-4]}}";
    assertCut(mapper, 6, many, many);
  }

  public void testOtherSpellingsBecomeOne() throws IOException {
    DocumentMapper mapper = mapper();
    assertCut(
        mapper,
        1,
        "{\"v\": [ 1, 2.50, 1e-4 ],\"a\": [ 1 ]}",
        "{\"v\": [1.0,2.5,1.0E-4],\"a\": [ 1 ]}");
    assertCut(mapper, 1, "{\"v\":[0.1000000001,3,0.10000000149011612]}", "{\"v\":[0.1,3.0,0.1]}");
    assertCut(mapper, 1, "{\"v\":\"AACAPwAAgD8AAIA\\/\"}", "{\"v\":\"AACAPwAAgD8AAIA/\"}");
    assertCut(
        mapper,
        1,
        "{\"v\":[7.038530691851209E-26,1,1]}",
        "{\"v\":[7.038530691851209E-26,1.0,1.0]}");
  }

  public void testWhatIsDoubtfulStays() throws IOException {
    DocumentMapper mapper = mapper();
    for (String json :
        new String[] {
          "{\"title\":\"x\"}",
          "{\"v\":null}",
          "{\"off\":{\"v\":[1,2,3]}}",
          "{\"copied\":\"AACAPwAAgD8AAIA/\"}",
          "{\"\\u0076\":[1,2,3]}",
          "{/* [ */\"v\":[1,2,3]}",
          "{\"w\":{\"v\":[1,2,3]}}",
        }) {
      assertCut(mapper, 0, json, json);
    }
    assertCut(
        mapper,
        1,
        "{\"off\":{\"v\":[1,2,3]},\"w\":\"\\\"v\\\":[1]\",\"v\":[1,2,3]}",
        "{\"off\":{\"v\":[1,2,3]},\"w\":\"\\\"v\\\":[1]\",\"v\":[1.0,2.0,3.0]}");
  }

  public void testOtherContentTypesStay() throws IOException {
    DocumentMapper mapper = mapper();
    Map<String, Object> document = Map.of("v", new float[] {1, 2, 3}, "title", "x");
    for (XContentType type :
        new XContentType[] {XContentType.CBOR, XContentType.SMILE, XContentType.YAML}) {
      try (XContentBuilder builder = MediaTypeRegistry.contentBuilder(type).map(document)) {
        BytesReference source = BytesReference.bytes(builder);
        Outcome outcome = cut(mapper, source, type);
        assertEquals(0, outcome.cuts());
        assertEquals(source.toBytesRef(), outcome.stored());
      }
    }
  }

  public void testASourceThatTheMappingFiltersOrDropsStays() throws IOException {
    DocumentMapper filtered =
        createDocumentMapper(
            topMapping(
                b -> {
                  b.startObject("_source").array("excludes", "title").endObject();
                  b.startObject("properties");
                  embedding(b, "v");
                  b.endObject();
                }));
    ParsedDocument document =
        filtered.parse(
            new SourceToParse(
                "index",
                "1",
                new BytesArray("{\"v\":[1,2,3],\"title\":\"x\"}"),
                XContentType.JSON));
    BytesRef before = document.rootDoc().getBinaryValue("_source");
    new VectorCutter()
        .preIndex(
            null,
            new Engine.Index(
                null,
                document,
                0,
                1,
                1,
                VersionType.INTERNAL,
                Engine.Operation.Origin.PRIMARY,
                0,
                -1,
                false,
                0,
                0));
    assertSame(before.bytes, document.rootDoc().getBinaryValue("_source").bytes);
    assertEquals("{\"v\":[1,2,3]}", before.utf8ToString());
  }

  /** Random documents of every shape: cut and restored is the same to everyone who parses it. */
  public void testRandomDocuments() throws IOException {
    DocumentMapper mapper = mapper();
    int cuts = 0;
    for (int round = 0; round < 300; round++) {
      Map<String, Object> document = object(0, "v", "o", "n", "p");
      String json;
      try (XContentBuilder builder = MediaTypeRegistry.contentBuilder(XContentType.JSON)) {
        if (randomBoolean()) {
          builder.prettyPrint();
        }
        json = BytesReference.bytes(builder.map(document)).utf8ToString();
      }
      Outcome outcome = cut(mapper, json);
      cuts += outcome.cuts();
      assertEquals(round(parse(json)), round(parse(outcome.restored().utf8ToString())));
      if (outcome.cuts() > 0) {
        assertTrue(json, outcome.stored().length <= outcome.restored().length + 20);
      }
    }
    assertTrue("most rounds cut something: " + cuts, cuts > 100);
  }

  private static Map<String, Object> parse(String json) {
    return XContentHelper.convertToMap(new BytesArray(json), true, (MediaType) XContentType.JSON)
        .v2();
  }

  /** Numbers as floats, for lists are vectors or the same on both sides. */
  private static Object round(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> rounded = new LinkedHashMap<>();
      map.forEach((k, v) -> rounded.put(k, round(v)));
      return new ArrayList<>(rounded.entrySet());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(VectorCutterTests::round).toList();
    }
    return value instanceof Number number
        ? (Object) Float.floatToRawIntBits(number.floatValue())
        : value;
  }

  private Map<String, Object> object(int depth, String... fields) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (String field : randomSubsetOf(Arrays.asList(fields))) {
      if (randomBoolean()) {
        object.put("text" + field, randomUnicodeOfLength(randomInt(30)));
      }
      switch (field) {
        case "v" -> object.put("v", vector());
        case "o" -> {
          if (randomBoolean()) {
            object.put("o.v", vector());
          } else {
            object.put("o", object(depth + 1, "v"));
          }
        }
        case "n" -> object.put("n", objects(depth, "v", "m"));
        case "m" -> object.put("m", objects(depth, "v"));
        default -> object.put("p", object(depth + 1, "v"));
      }
      if (rarely()) {
        object.put("list" + field, List.of(1, List.of(2, List.of()), 3));
      }
    }
    return object;
  }

  private Object objects(int depth, String... fields) {
    if (randomBoolean()) {
      return object(depth + 1, fields);
    }
    List<Object> objects = new ArrayList<>();
    for (int i = randomInt(4); i > 0; i--) {
      objects.add(object(depth + 1, fields));
    }
    return objects;
  }

  private Object vector() {
    float[] vector = new float[DIMENSION];
    double[] doubles = new double[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] =
          switch (randomInt(3)) {
            case 0 -> randomInt(10) - 5;
            case 1 -> (randomBoolean() ? -1 : 1) * (float) Math.pow(10, -randomInt(40));
            default -> (float) random().nextGaussian();
          };
      doubles[d] = vector[d] + random().nextGaussian() * 1e-12;
    }
    return switch (randomInt(4)) {
      case 0 -> null;
      case 1 -> {
        java.nio.ByteBuffer bytes =
            java.nio.ByteBuffer.allocate(DIMENSION * 4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        yield Base64.getEncoder().encodeToString(bytes.array());
      }
      case 2 -> doubles;
      default -> vector;
    };
  }
}

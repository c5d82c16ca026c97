/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.affinity.plugin.admin.SearchCounters;
import org.affinity.plugin.vector.VectorContent;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.VectorEncoding;
import org.opensearch.common.xcontent.support.XContentMapValues;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.mapper.FieldMapper;
import org.opensearch.index.mapper.MapperParsingException;
import org.opensearch.index.mapper.ParametrizedFieldMapper;
import org.opensearch.index.mapper.ParseContext;

/**
 * The field type {@code embedding}: one float vector per document, {@code null} or missing allowed.
 *
 * <p>Refuses, naming field, document and position: another dimension than the mapping's, values
 * that are not finite, a zero vector under cosine, a second vector.
 */
final class EmbeddingFieldMapper extends ParametrizedFieldMapper {

  static final String CONTENT_TYPE = "embedding";

  /**
   * @param searches counts the searches of all fields
   */
  static TypeParser parser(SearchCounters searches) {
    return new TypeParser(
        (name, context) -> {
          if (!AffinitySettings.INDEX_AFFINITY.get(context.getSettings())) {
            throw new MapperParsingException(
                "field ["
                    + name
                    + "] of type [embedding] needs the index setting [index.affinity: true],"
                    + " which can only be set when the index is created");
          }
          return new Builder(name, searches);
        });
  }

  /** As the mapping has it; the field type's has its encoder resolved. */
  private final IndexMethod method;

  private final CompressionLevel compressionLevel;
  private final FieldType luceneType;
  private final SearchCounters searches;

  private EmbeddingFieldMapper(
      Builder builder, EmbeddingFieldType type, MultiFields multiFields, CopyTo copyTo) {
    super(builder.name(), type, multiFields, copyTo);
    this.method = builder.method.get();
    this.compressionLevel = builder.compressionLevel.get();
    this.searches = builder.searches;
    this.luceneType = new FieldType();
    luceneType.setVectorAttributes(
        type.dimension(), VectorEncoding.FLOAT32, type.space().similarity());
    luceneType.freeze();
  }

  /** Reads and checks the parameters of a mapping. */
  static final class Builder extends ParametrizedFieldMapper.Builder {

    private final Parameter<Integer> dimension =
        new Parameter<>(
                "dimension",
                false,
                () -> null,
                (name, context, value) -> XContentMapValues.nodeIntegerValue(value),
                mapper -> type(mapper).dimension())
            .setValidator(
                value -> {
                  if (value == null || value < 1 || value > PqFlatVectorsFormat.MAX_DIMENSIONS) {
                    throw new IllegalArgumentException(
                        "[dimension] is required, between 1 and "
                            + PqFlatVectorsFormat.MAX_DIMENSIONS
                            + ", got ["
                            + value
                            + "]");
                  }
                });

    private final Parameter<SpaceType> spaceType =
        new Parameter<>(
                "space_type",
                false,
                () -> SpaceType.L2,
                (name, context, value) -> SpaceType.parse(value),
                mapper -> type(mapper).spaceType())
            .setSerializer(
                (b, name, value) -> b.field(name, value.toString()), SpaceType::toString);

    private final Parameter<IndexMethod> method =
        new Parameter<>(
                "method",
                true,
                () -> IndexMethod.DEFAULT,
                (name, context, value) -> IndexMethod.parse(value),
                mapper -> ((EmbeddingFieldMapper) mapper).method)
            .setSerializer(
                (b, name, value) -> b.field(name, value.toMap()),
                value -> value.toMap().toString());

    private final Parameter<CompressionLevel> compressionLevel =
        new Parameter<>(
                "compression_level",
                true,
                () -> CompressionLevel.AUTO,
                (name, context, value) -> CompressionLevel.parse(value),
                mapper -> ((EmbeddingFieldMapper) mapper).compressionLevel)
            .setSerializer(
                (b, name, value) -> b.field(name, value.toString()), CompressionLevel::toString);

    private final Parameter<Map<String, String>> meta = Parameter.metaParam();

    private final SearchCounters searches;

    Builder(String name, SearchCounters searches) {
      super(name);
      this.searches = searches;
    }

    private static EmbeddingFieldType type(FieldMapper mapper) {
      return (EmbeddingFieldType) mapper.fieldType();
    }

    @Override
    protected List<Parameter<?>> getParameters() {
      return List.of(dimension, spaceType, method, compressionLevel, meta);
    }

    @Override
    public EmbeddingFieldMapper build(BuilderContext context) {
      MultiFields multiFields = multiFieldsBuilder.build(this, context);
      if (multiFields.iterator().hasNext()) {
        throw new IllegalArgumentException(
            "a field of type [embedding] has no [fields]: there is nothing else to make of a"
                + " vector");
      }
      EmbeddingFieldType type =
          new EmbeddingFieldType(
              buildFullName(context),
              dimension.get(),
              spaceType.get(),
              method.get().with(encoder()),
              meta.getValue(),
              searches);
      return new EmbeddingFieldMapper(this, type, multiFields, copyTo.build());
    }

    private Encoder encoder() {
      Encoder encoder = compressionLevel.get().resolve(method.get().encoder(), dimension.get());
      if (encoder instanceof Encoder.Pq pq && pq.m() > dimension.get()) {
        throw new IllegalArgumentException(
            "[method.parameters.encoder.parameters.m: "
                + pq.m()
                + "] must not be above [dimension: "
                + dimension.get()
                + "]");
      }
      return encoder;
    }
  }

  @Override
  public EmbeddingFieldType fieldType() {
    return (EmbeddingFieldType) super.fieldType();
  }

  @Override
  public ParametrizedFieldMapper.Builder getMergeBuilder() {
    return new Builder(simpleName(), searches).init(this);
  }

  @Override
  protected String contentType() {
    return CONTENT_TYPE;
  }

  @Override
  public boolean parsesArrayValue() {
    return true;
  }

  @Override
  protected void parseCreateField(ParseContext context) throws IOException {
    if (context.parser().currentToken() == XContentParser.Token.VALUE_NULL) {
      return;
    }
    EmbeddingFieldType type = fieldType();
    String what = "field [" + type.name() + "]";
    float[] vector = VectorContent.parse(context.parser(), what);
    VectorContent.check(vector, type.dimension(), type.space(), what);
    if (context.doc().getField(type.name()) != null) {
      throw new IllegalArgumentException(
          what + " has more than one vector; put several into [nested] objects");
    }
    context.doc().add(new EmbeddingField(type.name(), vector, luceneType));
    createFieldNamesField(context);
  }
}

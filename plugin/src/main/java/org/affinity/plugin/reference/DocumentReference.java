/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/**
 * {@code document}: the vector in a field of a stored document.
 *
 * @param routing may be null
 * @param field null until the defaults are filled in, as {@code missing}
 */
public record DocumentReference(
    String index, String id, String routing, String field, Missing missing)
    implements ReferenceForm {

  private static final ConstructingObjectParser<DocumentReference, Void> PARSER =
      new ConstructingObjectParser<>(
          "document",
          args ->
              new DocumentReference(
                  (String) args[0], (String) args[1], (String) args[2], (String) args[3], null));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("index"));
    DocumentKeys.declareId(PARSER);
    DocumentKeys.declareRouting(PARSER);
    PARSER.declareString(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("field"));
  }

  DocumentReference(StreamInput in) throws IOException {
    this(
        in.readString(),
        in.readString(),
        in.readOptionalString(),
        in.readString(),
        in.readEnum(Missing.class));
  }

  static DocumentReference parse(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  DocumentReference with(Missing newMissing) {
    return new DocumentReference(index, id, routing, field, newMissing);
  }

  @Override
  public DocumentReference withDefaults(String defaultField, Missing defaultMissing) {
    return new DocumentReference(
        index,
        id,
        routing,
        Objects.requireNonNullElse(field, defaultField),
        Objects.requireNonNullElse(missing, defaultMissing));
  }

  private StoredVector stored() {
    return new StoredVector(index, id, routing, field);
  }

  @Override
  public String origin() {
    return stored().what();
  }

  @Override
  public void check(ReferenceLimits.Budget budget) {
    budget.part();
  }

  @Override
  public Step resolve(Knowledge known) throws Exception {
    if (id.isEmpty()) {
      return new Step.None(origin() + ": no document has an empty id", Usage.NONE);
    }
    return switch (known.fetched().get(stored())) {
      case null -> new Step.Needs(Set.of(stored()));
      case Fetched.Found<float[]> found ->
          new Step.Found(Taste.of(found.value()), found.what(), Usage.ONE);
      case Fetched.Missing<float[]> none -> new Step.None(none.reason(), Usage.NONE);
      case Fetched.Failed<float[]> failed -> throw failed.cause();
    };
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeByte((byte) 2);
    out.writeString(index);
    out.writeString(id);
    out.writeOptionalString(routing);
    out.writeString(field);
    out.writeEnum(missing);
  }

  @Override
  public XContentBuilder content(XContentBuilder builder, Params params) throws IOException {
    builder.startObject("document").field("index", index).field("id", id).field("field", field);
    if (routing != null) {
      builder.field("routing", routing);
    }
    return builder.endObject().field("missing", missing.toString());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.affinity.ann.search.Confidence;
import org.apache.lucene.search.DoubleValuesSource;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.QueryShardContext;

/**
 * {@code confidence} of an affinity or a prior: only {@code n / (n + k)} of its weight counts.
 *
 * @param evidenceField the numeric field with a document's n; null for an affinity's reference to
 *     count what it is made of
 */
record ConfidenceClause(String evidenceField, double k) implements Writeable, ToXContentObject {

  static final ParseField NAME = new ParseField("confidence");

  private static final ConstructingObjectParser<ConfidenceClause, Void> PARSER =
      new ConstructingObjectParser<>(
          "confidence", args -> new ConfidenceClause((String) args[1], (double) args[0]));

  static {
    PARSER.declareDouble(ConstructingObjectParser.constructorArg(), new ParseField("k"));
    PARSER.declareString(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("evidence_field"));
  }

  ConfidenceClause {
    if (!(k > 0) || Double.isInfinite(k)) {
      throw new IllegalArgumentException(
          "[confidence.k] must be a finite number above 0, got [" + k + "]");
    }
  }

  ConfidenceClause(StreamInput in) throws IOException {
    this(in.readOptionalString(), in.readDouble());
  }

  static ConfidenceClause parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  /**
   * Binds a clause to the mapping of a shard.
   *
   * @param clause null where the whole weight counts
   * @param ofReference what the reference is made of
   */
  static Confidence bind(
      ConfidenceClause clause,
      QueryShardContext context,
      double ofReference,
      boolean ignoreUnmapped) {
    if (clause == null) {
      return new Confidence.Full();
    }
    String field = clause.evidenceField();
    if (field == null) {
      return new Confidence.OfReference(ofReference, clause.k());
    }
    return ignoreUnmapped && context.fieldMapper(field) == null
        ? new Confidence.OfDocument(field, DoubleValuesSource.constant(0), clause.k())
        : new Confidence.OfDocument(
            field,
            NumericFieldSource.largest(context, "confidence.evidence_field", field),
            clause.k());
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeOptionalString(evidenceField);
    out.writeDouble(k);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject();
    if (evidenceField != null) {
      builder.field("evidence_field", evidenceField);
    }
    return builder.field("k", k).endObject();
  }
}

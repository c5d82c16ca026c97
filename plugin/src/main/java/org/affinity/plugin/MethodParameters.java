/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.affinity.ann.search.AnnSearchStrategy;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/**
 * {@code method_parameters} of a query: how hard to search. Null leaves it to the field.
 *
 * @param efSearch candidates per segment, at least
 * @param nprobes most lists to scan per segment, as long as they give enough; for {@code ivf} only
 */
record MethodParameters(Integer efSearch, Integer nprobes) implements Writeable, ToXContentObject {

  static final ParseField NAME = new ParseField("method_parameters");

  static final MethodParameters DEFAULT = new MethodParameters(null, null);

  private static final ConstructingObjectParser<MethodParameters, Void> PARSER =
      new ConstructingObjectParser<>(
          NAME.getPreferredName(),
          args -> new MethodParameters((Integer) args[0], (Integer) args[1]));

  static {
    PARSER.declareInt(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("ef_search"));
    PARSER.declareInt(ConstructingObjectParser.optionalConstructorArg(), new ParseField("nprobes"));
  }

  MethodParameters {
    check("ef_search", efSearch, AnnSearchStrategy.MAX_CANDIDATES);
    check("nprobes", nprobes, AnnSearchStrategy.MAX_NPROBES);
  }

  private static void check(String name, Integer value, int max) {
    if (value != null && (value < 1 || value > max)) {
      throw new IllegalArgumentException(
          "[" + name + "] must be between 1 and " + max + ", got [" + value + "]");
    }
  }

  MethodParameters(StreamInput in) throws IOException {
    this(in.readOptionalVInt(), in.readOptionalVInt());
  }

  static MethodParameters parse(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeOptionalVInt(efSearch);
    out.writeOptionalVInt(nprobes);
  }

  /** Writes the name as well, and nothing if nothing is given. */
  void writeNamed(XContentBuilder builder, Params params) throws IOException {
    if (!equals(DEFAULT)) {
      toXContent(builder.field(NAME.getPreferredName()), params);
    }
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject();
    if (efSearch != null) {
      builder.field("ef_search", efSearch);
    }
    if (nprobes != null) {
      builder.field("nprobes", nprobes);
    }
    return builder.endObject();
  }
}

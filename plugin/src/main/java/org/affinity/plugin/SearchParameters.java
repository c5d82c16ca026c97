/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import org.affinity.ann.search.AnnSearchStrategy;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * How hard a query asks to search. What it leaves open is the field's to say.
 *
 * @param oversample candidates per asked neighbour; null leaves it to the field
 */
record SearchParameters(MethodParameters method, Float oversample, boolean exact)
    implements Writeable, ToXContentFragment {

  static final SearchParameters DEFAULT = of(MethodParameters.DEFAULT);

  SearchParameters {
    if (oversample != null && !(oversample >= 1 && oversample <= 100)) {
      throw new IllegalArgumentException(
          "[oversample_factor] must be between 1 and 100, got [" + oversample + "]");
    }
  }

  SearchParameters(StreamInput in) throws IOException {
    this(new MethodParameters(in), in.readOptionalFloat(), in.readBoolean());
  }

  static SearchParameters of(MethodParameters method) {
    return new SearchParameters(method, null, false);
  }

  /** What is asked for, and {@code defaults} for the rest. */
  AnnSearchStrategy over(AnnSearchStrategy defaults) {
    return new AnnSearchStrategy(
        method.efSearch() == null ? defaults.efSearch() : method.efSearch(),
        method.nprobes() == null ? defaults.nprobes() : method.nprobes(),
        oversample == null ? defaults.oversample() : oversample,
        exact);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    method.writeTo(out);
    out.writeOptionalFloat(oversample);
    out.writeBoolean(exact);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    method.writeNamed(builder, params);
    if (oversample != null) {
      builder.startObject("rescore").field("oversample_factor", oversample).endObject();
    }
    return builder.field("exact", exact);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import org.apache.lucene.util.SetOnce;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.query.QueryRewriteContext;

/** A reference whose documents are on their way. Stays on its node. */
record Pending(SetOnce<VectorReference> resolved, ReferenceForm form) implements VectorReference {

  @Override
  public String origin() {
    return form.origin();
  }

  @Override
  public VectorReference rewrite(QueryRewriteContext context) {
    return resolved.get() == null ? this : resolved.get();
  }

  @Override
  public void writeTo(StreamOutput out) {
    throw new IllegalStateException(origin() + " must be fetched before a shard is asked");
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return form.toXContent(builder, params);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import org.opensearch.OpenSearchStatusException;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.query.QueryRewriteContext;

/**
 * A form of {@code from}: says what it needs of stored documents, and makes a vector of what was
 * brought. Immutable, without I/O.
 */
public sealed interface ReferenceForm extends VectorReference
    permits DocumentReference, LikesReference, HistoryReference, SumReference, FirstOfReference {

  /** Null until the defaults are filled in. */
  Missing missing();

  /** The members of the {@code from} object. */
  XContentBuilder content(XContentBuilder builder, Params params) throws IOException;

  /**
   * Takes the next step, whatever {@link #missing} says.
   *
   * @throws Exception why it cannot be had, where it cannot do without
   */
  Step resolve(Knowledge known) throws Exception;

  /** Refuses what is more than this node allows. */
  void check(ReferenceLimits.Budget budget);

  @Override
  ReferenceForm withDefaults(String field, Missing missing);

  /** {@link #resolve}, where what is not there is refused if it must be. */
  default Step step(Knowledge known) throws Exception {
    Step step = resolve(known);
    if (step instanceof Step.None none && missing() == Missing.ERROR) {
      throw new OpenSearchStatusException(
          "[from] " + none.reason() + "; use [missing: neutral] to go on without it",
          RestStatus.BAD_REQUEST);
    }
    return step;
  }

  /**
   * Only requests that a coordinating node rewrites are waited for without a thread. Others, such
   * as a query that is parsed to be stored in a percolator, keep what was written and are refused
   * by the shard; see {@link #unresolved}.
   */
  @Override
  default VectorReference rewrite(QueryRewriteContext context) {
    return context.convertToCoordinatorContext() == null
        ? this
        : RequestReferences.of(context).resolve(this, context);
  }

  @Override
  default XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return content(builder.startObject(FROM.getPreferredName()), params).endObject();
  }
}

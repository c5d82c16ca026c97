/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Objects;
import org.affinity.ann.search.Diversification;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;
import org.opensearch.search.rescore.RescoreContext;
import org.opensearch.search.rescore.RescorerBuilder;

/**
 * The rescorer {@code diversify}: the best hits of a shard in an order in which the first ones
 * differ; see {@link Diversification}. {@code window_size}, OpenSearch's own, says how many hits
 * are chosen from, {@code window} how many places are filled by choice; either may be left out for
 * the other's value.
 *
 * <pre>{@code
 * {"rescore": {"window_size": 100, "diversify": {"field": "taste", "lambda": 0.7, "window": 50}}}
 * }</pre>
 */
final class DiversifyRescorerBuilder extends RescorerBuilder<DiversifyRescorerBuilder> {

  static final String NAME = "diversify";

  static final double DEFAULT_LAMBDA = 0.7;

  private static final ConstructingObjectParser<DiversifyRescorerBuilder, Void> PARSER =
      new ConstructingObjectParser<>(
          NAME,
          args ->
              new DiversifyRescorerBuilder(
                  (String) args[0],
                  (double) Objects.requireNonNullElse(args[1], DEFAULT_LAMBDA),
                  (Integer) args[2],
                  (boolean) Objects.requireNonNullElse(args[3], false)));

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("field"));
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("lambda"));
    PARSER.declareInt(ConstructingObjectParser.optionalConstructorArg(), new ParseField("window"));
    PARSER.declareBoolean(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("ignore_unmapped"));
  }

  private final String field;
  private final double lambda;
  private final Integer window;
  private final boolean ignoreUnmapped;

  /**
   * @param window null for as many as there are to choose from
   */
  DiversifyRescorerBuilder(String field, double lambda, Integer window, boolean ignoreUnmapped) {
    this.field = field;
    this.lambda = lambda;
    this.window = window;
    this.ignoreUnmapped = ignoreUnmapped;
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException(
          "[diversify.lambda] must be a number from 0 (only unlikeness counts) to 1 (only relevance"
              + " counts), got ["
              + lambda
              + "]");
    }
    if (window != null && window < 1) {
      throw new IllegalArgumentException(
          "[diversify.window] must be at least 1, got [" + window + "]");
    }
  }

  DiversifyRescorerBuilder(StreamInput in) throws IOException {
    super(in);
    field = in.readString();
    lambda = in.readDouble();
    window = in.readOptionalVInt();
    ignoreUnmapped = in.readBoolean();
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeDouble(lambda);
    out.writeOptionalVInt(window);
    out.writeBoolean(ignoreUnmapped);
  }

  static DiversifyRescorerBuilder fromXContent(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME).field("field", field).field("lambda", lambda);
    if (window != null) {
      builder.field("window", window);
    }
    builder.field("ignore_unmapped", ignoreUnmapped).endObject();
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  /** Checks what only shows once all is parsed; there is nothing to rewrite. */
  @Override
  public DiversifyRescorerBuilder rewrite(QueryRewriteContext context) {
    int candidates = candidates();
    if (candidates < 1) {
      throw new IllegalArgumentException(
          "[rescore.window_size] must be at least 1, got [" + candidates + "]");
    }
    if (places() > candidates) {
      throw new IllegalArgumentException(
          "[diversify.window: "
              + places()
              + "] must not exceed [rescore.window_size: "
              + candidates
              + "], the hits it is chosen from");
    }
    return this;
  }

  private int candidates() {
    return windowSize != null ? windowSize : window != null ? window : DEFAULT_WINDOW_SIZE;
  }

  private int places() {
    return window != null ? window : candidates();
  }

  @Override
  protected RescoreContext innerBuildContext(int size, QueryShardContext context) {
    int most = AffinitySettings.MAX_DIVERSIFY_WINDOW.get(context.getIndexSettings().getSettings());
    if (candidates() > most) {
      throw new IllegalArgumentException(
          "[rescore.window_size: "
              + candidates()
              + "] of [diversify] is too large: at most ["
              + most
              + "], or what the index setting ["
              + AffinitySettings.MAX_DIVERSIFY_WINDOW.getKey()
              + "] says; every hit is compared with every place before it");
    }
    if (context.fieldMapper(field) == null && ignoreUnmapped) {
      return new DiversifyRescorer.Unmapped(candidates());
    }
    return new DiversifyRescorer.Context(
        new Diversification(
            type(context).name(), type(context).space(), lambda, candidates(), places()));
  }

  private EmbeddingFieldType type(QueryShardContext context) {
    NestingLevel level = NestingLevel.of(context, field);
    if (!level.isRoot()) {
      throw new QueryShardException(
          context,
          "[diversify] cannot use field ["
              + field
              + "]: it is in [nested] objects with [path: "
              + level.path()
              + "], of which a document may have several; use a field of the document itself");
    }
    return EmbeddingFieldType.require(context, NAME, field);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof DiversifyRescorerBuilder that
        && field.equals(that.field)
        && lambda == that.lambda
        && Objects.equals(window, that.window)
        && ignoreUnmapped == that.ignoreUnmapped;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), field, lambda, window, ignoreUnmapped);
  }
}

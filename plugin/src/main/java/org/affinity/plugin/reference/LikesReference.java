/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * {@code likes} and {@code dislikes}: the mean of the items' vectors; see {@link ItemMean}.
 *
 * @param index where the items are
 * @param field null until the defaults are filled in, as {@code missing}
 * @param routing of all items; may be null
 * @param halfLife null if age does not matter
 */
public record LikesReference(
    List<WeightedItem> likes,
    List<WeightedItem> dislikes,
    String index,
    String field,
    String routing,
    TimeValue halfLife,
    Missing missing)
    implements ReferenceForm {

  public LikesReference {
    likes = List.copyOf(likes);
    dislikes = List.copyOf(dislikes);
    if (index == null) {
      throw new IllegalArgumentException("[likes] and [dislikes] need the [index] of the items");
    }
    for (List<WeightedItem> items : List.of(likes, dislikes)) {
      for (WeightedItem item : items) {
        if (item.age() != null && halfLife == null) {
          throw new IllegalArgumentException(
              "item [" + item.id() + "] has an [age], which counts only with a [half_life]");
        }
      }
    }
  }

  LikesReference(StreamInput in) throws IOException {
    this(
        in.readList(WeightedItem::new),
        in.readList(WeightedItem::new),
        in.readString(),
        in.readString(),
        in.readOptionalString(),
        in.readOptionalTimeValue(),
        in.readEnum(Missing.class));
  }

  @Override
  public LikesReference withDefaults(String defaultField, Missing defaultMissing) {
    return new LikesReference(
        likes,
        dislikes,
        index,
        Objects.requireNonNullElse(field, defaultField),
        routing,
        halfLife,
        Objects.requireNonNullElse(missing, defaultMissing));
  }

  @Override
  public String origin() {
    return dislikes.isEmpty() ? "likes" : likes.isEmpty() ? "dislikes" : "likes and dislikes";
  }

  @Override
  public void check(ReferenceLimits.Budget budget) {
    budget.part();
    budget.likes(likes.size() + dislikes.size());
  }

  @Override
  public Step resolve(Knowledge known) throws Exception {
    ItemWeights weights = new ItemWeights();
    double youngest =
        Stream.concat(likes.stream(), dislikes.stream())
            .filter(LikesReference::isDocument)
            .mapToDouble(LikesReference::age)
            .min()
            .orElse(0);
    int skipped = add(weights, likes, youngest, 1) + add(weights, dislikes, youngest, -1);
    return weights.step(known, origin(), 1, skipped);
  }

  /** Returns how many were skipped. */
  private int add(ItemWeights weights, List<WeightedItem> items, double youngest, int sign) {
    int skipped = 0;
    for (WeightedItem item : items) {
      if (isDocument(item)) {
        double decay = halfLife == null ? 1 : WeightedItem.decay(age(item) - youngest, halfLife);
        weights.add(stored(item), sign * item.weight() * decay);
      } else {
        skipped++;
      }
    }
    return skipped;
  }

  /** No document has an empty id, and none can be asked for. */
  private static boolean isDocument(WeightedItem item) {
    return !item.id().isEmpty();
  }

  /** In milliseconds; 0 if it is not said. */
  private static double age(WeightedItem item) {
    return item.age() == null ? 0 : item.age().millis();
  }

  private StoredVector stored(WeightedItem item) {
    return new StoredVector(index, item.id(), routing, field);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeByte((byte) 3);
    out.writeList(likes);
    out.writeList(dislikes);
    out.writeString(index);
    out.writeString(field);
    out.writeOptionalString(routing);
    out.writeOptionalTimeValue(halfLife);
    out.writeEnum(missing);
  }

  @Override
  public XContentBuilder content(XContentBuilder builder, Params params) throws IOException {
    builder.field("likes", likes).field("dislikes", dislikes);
    builder.field("index", index).field("field", field);
    if (routing != null) {
      builder.field("routing", routing);
    }
    if (halfLife != null) {
      builder.field("half_life", halfLife.getStringRep());
    }
    return builder.field("missing", missing.toString());
  }
}

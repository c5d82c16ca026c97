/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/**
 * One of the {@code likes} or {@code dislikes}.
 *
 * @param weight above 0
 * @param age since it was liked; null if that is not said
 */
public record WeightedItem(String id, double weight, TimeValue age)
    implements Writeable, ToXContentObject {

  static final double MAX_WEIGHT = 1e6;

  /** Leaves room for a weight and its share of a sum above the least double. */
  private static final double LEAST_DECAY = 0x1p-500;

  private static final ConstructingObjectParser<WeightedItem, Void> PARSER =
      new ConstructingObjectParser<>(
          "likes",
          args ->
              new WeightedItem(
                  (String) args[0],
                  (double) Objects.requireNonNullElse(args[1], 1.0),
                  (TimeValue) args[2]));

  static {
    DocumentKeys.declareId(PARSER);
    PARSER.declareDouble(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("weight"));
    PARSER.declareField(
        ConstructingObjectParser.optionalConstructorArg(),
        parser -> duration("age", parser),
        new ParseField("age"),
        ObjectParser.ValueType.VALUE);
  }

  public WeightedItem {
    if (!(weight > 0 && weight <= MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "[weight] of item ["
              + id
              + "] must be a number above 0 and at most "
              + (int) MAX_WEIGHT
              + ", got ["
              + weight
              + "]; put items to be avoided into [dislikes]");
    }
  }

  /** An item that counts once. */
  public static WeightedItem of(String id) {
    return new WeightedItem(id, 1, null);
  }

  WeightedItem(StreamInput in) throws IOException {
    this(in.readString(), in.readDouble(), in.readOptionalTimeValue());
  }

  /** Reads an array of ids, or of objects with an id. */
  static List<WeightedItem> parseList(XContentParser parser) throws IOException {
    String name = parser.currentName();
    List<WeightedItem> items = new ArrayList<>();
    if (parser.currentToken() != XContentParser.Token.START_ARRAY) {
      throw new IllegalArgumentException(
          "[" + name + "] must be an array of ids, or of objects with [id], [weight] and [age]");
    }
    for (XContentParser.Token token = parser.nextToken();
        token != XContentParser.Token.END_ARRAY;
        token = parser.nextToken()) {
      if (token == XContentParser.Token.START_OBJECT) {
        items.add(PARSER.apply(parser, null));
      } else if (token == XContentParser.Token.VALUE_STRING
          || token == XContentParser.Token.VALUE_NUMBER) {
        items.add(of(parser.text()));
      } else {
        throw new IllegalArgumentException(
            "[" + name + "] holds [" + token + "] at position [" + items.size() + "], not an id");
      }
      if (items.size() > ReferenceLimits.CEILING) {
        throw new IllegalArgumentException(
            "[" + name + "] holds more than [" + ReferenceLimits.CEILING + "] items");
      }
    }
    return items;
  }

  /** Reads a time value such as {@code 14d}. */
  static TimeValue duration(String name, XContentParser parser) throws IOException {
    String text = parser.text();
    TimeValue value;
    try {
      value = TimeValue.parseTimeValue(text, name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "[" + name + "] must be a time value such as [14d] or [36h], got [" + text + "]", e);
    }
    if (value.duration() < 0) {
      throw new IllegalArgumentException("[" + name + "] must not be negative, got [" + text + "]");
    }
    return value;
  }

  /** {@link #duration} of more than no time. */
  static TimeValue halfLife(XContentParser parser) throws IOException {
    TimeValue value = duration("half_life", parser);
    if (value.millis() == 0) {
      throw new IllegalArgumentException(
          "[half_life] must be more than 0, at least [1ms], got ["
              + value
              + "]; leave it out if age does not matter");
    }
    return value;
  }

  /**
   * {@code 2^(-age / half_life)}, relative to the youngest of the items that count: only the ratios
   * of weights matter, and these stay numbers however old all are. Never 0.
   *
   * @param olderMillis than the youngest
   */
  static double decay(double olderMillis, TimeValue halfLife) {
    return Math.max(LEAST_DECAY, Math.pow(2, -olderMillis / halfLife.millis()));
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(id);
    out.writeDouble(weight);
    out.writeOptionalTimeValue(age);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("id", id).field("weight", weight);
    if (age != null) {
      builder.field("age", age.getStringRep());
    }
    return builder.endObject();
  }
}

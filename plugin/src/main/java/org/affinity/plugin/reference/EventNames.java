/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/** What the members of an event are called; dotted where they are in objects of their own. */
public record EventNames(String item, String action, String time)
    implements Writeable, ToXContentObject {

  public static final EventNames DEFAULT = new EventNames("item", "action", "time");

  private static final ConstructingObjectParser<EventNames, Void> PARSER =
      new ConstructingObjectParser<>(
          "event",
          args ->
              new EventNames(
                  (String) Objects.requireNonNullElse(args[0], DEFAULT.item),
                  (String) Objects.requireNonNullElse(args[1], DEFAULT.action),
                  (String) Objects.requireNonNullElse(args[2], DEFAULT.time)));

  static {
    for (String name : new String[] {"item", "action", "time"}) {
      PARSER.declareString(ConstructingObjectParser.optionalConstructorArg(), new ParseField(name));
    }
  }

  public EventNames {
    if (overlap(item, action) || overlap(item, time) || overlap(action, time)) {
      throw new IllegalArgumentException(
          "[event] must name three different members, none inside another, got ["
              + item
              + "], ["
              + action
              + "] and ["
              + time
              + "]");
    }
  }

  /** Whether they are one member, or one is in the object that the other is. */
  private static boolean overlap(String a, String b) {
    return a.equals(b) || a.startsWith(b + ".") || b.startsWith(a + ".");
  }

  EventNames(StreamInput in) throws IOException {
    this(in.readString(), in.readString(), in.readString());
  }

  static EventNames parse(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  Set<String> all() {
    return Set.of(item, action, time);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(item);
    out.writeString(action);
    out.writeString(time);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    return builder
        .startObject()
        .field("item", item)
        .field("action", action)
        .field("time", time)
        .endObject();
  }
}

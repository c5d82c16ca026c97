/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.affinity.plugin.vector.Fetched;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/**
 * {@code history}: the mean of the vectors of the items that a document's list of events names, or
 * one mean for each interest; see {@link ItemMean} and {@link Interests}.
 *
 * @param routing of the document; may be null
 * @param path of its list of events, dotted
 * @param weights by action, negative for what speaks against an item; an event of another action
 *     does not count. Empty: every event counts once
 * @param halfLife null if age does not matter
 * @param last so many of the newest events that count
 * @param interests at least 1
 * @param missing null until the defaults are filled in
 */
public record HistoryReference(
    String index,
    String id,
    String routing,
    String path,
    EventNames event,
    ItemSource items,
    Map<String, Double> weights,
    TimeValue halfLife,
    int last,
    int interests,
    Missing missing)
    implements ReferenceForm {

  static final int DEFAULT_LAST = 100;

  private static final ConstructingObjectParser<HistoryReference, Void> PARSER =
      new ConstructingObjectParser<>("history", HistoryReference::of);

  static {
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("index"));
    DocumentKeys.declareId(PARSER);
    DocumentKeys.declareRouting(PARSER);
    PARSER.declareString(ConstructingObjectParser.constructorArg(), new ParseField("path"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> EventNames.parse(parser),
        new ParseField("event"));
    PARSER.declareObject(
        ConstructingObjectParser.constructorArg(),
        (parser, context) -> ItemSource.parse(parser),
        new ParseField("items"));
    PARSER.declareObject(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> parser.map(TreeMap::new, at -> parseWeight(at)),
        new ParseField("weights"));
    PARSER.declareField(
        ConstructingObjectParser.optionalConstructorArg(),
        (parser, context) -> WeightedItem.halfLife(parser),
        new ParseField("half_life"),
        ObjectParser.ValueType.VALUE);
    PARSER.declareInt(ConstructingObjectParser.optionalConstructorArg(), new ParseField("last"));
    PARSER.declareInt(
        ConstructingObjectParser.optionalConstructorArg(), new ParseField("interests"));
  }

  @SuppressWarnings("unchecked")
  private static HistoryReference of(Object[] args) {
    return new HistoryReference(
        (String) args[0],
        (String) args[1],
        (String) args[2],
        (String) args[3],
        (EventNames) Objects.requireNonNullElse(args[4], EventNames.DEFAULT),
        (ItemSource) args[5],
        (Map<String, Double>) Objects.requireNonNullElse(args[6], Map.of()),
        (TimeValue) args[7],
        (int) Objects.requireNonNullElse(args[8], DEFAULT_LAST),
        (int) Objects.requireNonNullElse(args[9], 1),
        null);
  }

  private static Double parseWeight(XContentParser parser) throws IOException {
    if (!parser.currentToken().isValue()) {
      throw new IllegalArgumentException(
          "[weights] must map actions to numbers, got [" + parser.currentToken() + "]");
    }
    return parser.doubleValue();
  }

  public HistoryReference {
    weights = Collections.unmodifiableMap(new TreeMap<>(weights));
    weights.forEach(
        (action, weight) -> {
          if (!(Math.abs(weight) <= WeightedItem.MAX_WEIGHT)) {
            throw new IllegalArgumentException(
                "[weights."
                    + action
                    + "] must be a number from -"
                    + (int) WeightedItem.MAX_WEIGHT
                    + " to "
                    + (int) WeightedItem.MAX_WEIGHT
                    + ", got ["
                    + weight
                    + "]");
          }
        });
    if (last < 1) {
      throw new IllegalArgumentException("[last] must be at least 1, got [" + last + "]");
    }
    if (interests < 1) {
      throw new IllegalArgumentException("[interests] must be at least 1, got [" + interests + "]");
    }
    if (path.isEmpty()) {
      throw new IllegalArgumentException("[path] must name the list of events in the document");
    }
  }

  HistoryReference(StreamInput in) throws IOException {
    this(
        in.readString(),
        in.readString(),
        in.readOptionalString(),
        in.readString(),
        new EventNames(in),
        new ItemSource(in),
        in.readMap(StreamInput::readString, StreamInput::readDouble),
        in.readOptionalTimeValue(),
        in.readVInt(),
        in.readVInt(),
        in.readEnum(Missing.class));
  }

  static HistoryReference parse(XContentParser parser) {
    return PARSER.apply(parser, null);
  }

  HistoryReference with(Missing newMissing) {
    return new HistoryReference(
        index, id, routing, path, event, items, weights, halfLife, last, interests, newMissing);
  }

  @Override
  public HistoryReference withDefaults(String defaultField, Missing defaultMissing) {
    return new HistoryReference(
        index,
        id,
        routing,
        path,
        event,
        items.withDefault(defaultField),
        weights,
        halfLife,
        last,
        interests,
        Objects.requireNonNullElse(missing, defaultMissing));
  }

  @Override
  public String origin() {
    return "history [" + path + "] of document [" + index + "/" + id + "]";
  }

  @Override
  public void check(ReferenceLimits.Budget budget) {
    budget.part();
    budget.last(last);
    budget.interests(interests);
  }

  @Override
  public Step resolve(Knowledge known) throws Exception {
    if (id.isEmpty()) {
      return new Step.None(origin() + ": no document has an empty id", Usage.NONE);
    }
    StoredEvents stored =
        new StoredEvents(index, id, routing, path, event, known.limits().maxEvents());
    return switch (known.fetched().get(stored)) {
      case null -> new Step.Needs(Set.of(stored));
      case Fetched.Found<List<Event>> found -> items(known, found.value());
      case Fetched.Missing<List<Event>> none -> new Step.None(none.reason(), Usage.NONE);
      case Fetched.Failed<List<Event>> failed -> throw failed.cause();
    };
  }

  private Step items(Knowledge known, List<Event> events) throws Exception {
    List<Event> counting = new ArrayList<>();
    int unreadable = 0;
    for (Event one : events) {
      if (one.item() == null || (halfLife != null && one.time() == null)) {
        unreadable++;
      } else if (weight(one) != 0) {
        counting.add(one);
      }
    }
    // Newest first. Those without a time come last, and of a tie the one that stands last is newer.
    Collections.reverse(counting);
    counting.sort(
        Comparator.comparing(Event::time, Comparator.nullsFirst(Comparator.naturalOrder()))
            .reversed());
    ItemWeights itemWeights = new ItemWeights();
    double youngest = counting.isEmpty() || halfLife == null ? 0 : age(counting.get(0), known);
    for (Event one : counting.subList(0, Math.min(last, counting.size()))) {
      double decay =
          halfLife == null ? 1 : WeightedItem.decay(age(one, known) - youngest, halfLife);
      itemWeights.add(items.stored(one.item()), weight(one) * decay);
    }
    return itemWeights.step(known, origin(), interests, unreadable);
  }

  /** In milliseconds; 0 for the future. */
  private static double age(Event one, Knowledge known) {
    return Math.max(0, (double) known.now() - one.time());
  }

  private double weight(Event one) {
    if (weights.isEmpty()) {
      return 1;
    }
    return one.action() == null ? 0 : weights.getOrDefault(one.action(), 0.0);
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeByte((byte) 4);
    out.writeString(index);
    out.writeString(id);
    out.writeOptionalString(routing);
    out.writeString(path);
    event.writeTo(out);
    items.writeTo(out);
    out.writeMap(weights, StreamOutput::writeString, StreamOutput::writeDouble);
    out.writeOptionalTimeValue(halfLife);
    out.writeVInt(last);
    out.writeVInt(interests);
    out.writeEnum(missing);
  }

  @Override
  public XContentBuilder content(XContentBuilder builder, Params params) throws IOException {
    builder.startObject("history").field("index", index).field("id", id);
    if (routing != null) {
      builder.field("routing", routing);
    }
    builder.field("path", path).field("event", event).field("items", items);
    builder.field("weights", weights);
    if (halfLife != null) {
      builder.field("half_life", halfLife.getStringRep());
    }
    builder.field("last", last).field("interests", interests).endObject();
    return builder.field("missing", missing.toString());
  }
}

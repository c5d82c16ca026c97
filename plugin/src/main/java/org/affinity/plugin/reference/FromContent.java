/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.ParseField;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentParser;

/** The members of a {@code from} object, as they are read; its context is how deep it stands. */
final class FromContent {

  private static final ObjectParser<FromContent, Integer> PARSER =
      new ObjectParser<>("from", FromContent::new);

  static {
    PARSER.declareObject(
        (content, document) -> content.document = document,
        (parser, depth) -> DocumentReference.parse(parser),
        new ParseField("document"));
    PARSER.declareField(
        (parser, content, depth) -> content.likes = WeightedItem.parseList(parser),
        new ParseField("likes"),
        ObjectParser.ValueType.VALUE_OBJECT_ARRAY);
    PARSER.declareField(
        (parser, content, depth) -> content.dislikes = WeightedItem.parseList(parser),
        new ParseField("dislikes"),
        ObjectParser.ValueType.VALUE_OBJECT_ARRAY);
    PARSER.declareString((content, index) -> content.index = index, new ParseField("index"));
    PARSER.declareString((content, field) -> content.field = field, new ParseField("field"));
    PARSER.declareField(
        (parser, content, depth) -> content.routing = parser.text(),
        new ParseField("routing"),
        ObjectParser.ValueType.VALUE);
    PARSER.declareField(
        (parser, content, depth) -> content.halfLife = WeightedItem.halfLife(parser),
        new ParseField("half_life"),
        ObjectParser.ValueType.VALUE);
    PARSER.declareObject(
        (content, history) -> content.history = history,
        (parser, depth) -> HistoryReference.parse(parser),
        new ParseField("history"));
    PARSER.declareObjectArray(
        (content, parts) -> content.sum = parts,
        (parser, depth) -> SumReference.Part.parse(parser, depth),
        new ParseField("sum"));
    PARSER.declareObjectArray(
        (content, rungs) -> content.firstOf = rungs,
        (parser, depth) -> FromContent.parse(parser, depth + 1),
        new ParseField("first_of"));
    PARSER.declareString(
        (content, missing) -> content.missing = Missing.parse(missing), new ParseField("missing"));
  }

  private DocumentReference document;
  private List<WeightedItem> likes;
  private List<WeightedItem> dislikes;
  private String index;
  private String field;
  private String routing;
  private TimeValue halfLife;
  private HistoryReference history;
  private List<SumReference.Part> sum;
  private List<ReferenceForm> firstOf;
  private Missing missing;

  /**
   * Reads the object the parser stands on.
   *
   * @param depth 1 for the outermost
   */
  static ReferenceForm parse(XContentParser parser, int depth) throws IOException {
    if (depth > ReferenceLimits.DEPTH_CEILING) {
      throw ReferenceLimits.tooDeep(ReferenceLimits.DEPTH_CEILING);
    }
    return PARSER.parse(parser, depth).build();
  }

  private ReferenceForm build() {
    List<String> forms = new ArrayList<>();
    note(document, "document", forms);
    note(likes == null ? dislikes : likes, "likes", forms);
    note(history, "history", forms);
    note(sum, "sum", forms);
    note(firstOf, "first_of", forms);
    if (forms.size() != 1) {
      throw new IllegalArgumentException(
          "[from] needs exactly one of [document], [likes] or [dislikes], [history], [sum] and"
              + " [first_of], got "
              + forms);
    }
    if (likes == null && dislikes == null) {
      refuse(index, "index", forms);
      refuse(field, "field", forms);
      refuse(routing, "routing", forms);
      refuse(halfLife, "half_life", forms);
    }
    return switch (forms.get(0)) {
      case "document" -> document.with(missing);
      case "history" -> history.with(missing);
      case "sum" -> new SumReference(sum, missing);
      case "first_of" -> new FirstOfReference(firstOf, missing);
      default ->
          new LikesReference(
              Objects.requireNonNullElse(likes, List.of()),
              Objects.requireNonNullElse(dislikes, List.of()),
              index,
              field,
              routing,
              halfLife,
              missing);
    };
  }

  private static void note(Object form, String name, List<String> forms) {
    if (form != null) {
      forms.add(name);
    }
  }

  private static void refuse(Object option, String name, List<String> forms) {
    if (option != null) {
      throw new IllegalArgumentException(
          "[from."
              + name
              + "] belongs to [likes] and [dislikes]; with "
              + forms
              + " it stands inside of that, if it has one");
    }
  }
}

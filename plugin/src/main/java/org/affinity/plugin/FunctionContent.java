/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.affinity.ann.search.ScoreFunction;
import org.opensearch.core.common.ParsingException;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;

/** {@link ScoreFunction}s as JSON, {@code {"name": {parameters}}}, and on the wire. */
final class FunctionContent {

  static final String SATURATION = "saturation";
  static final String SIGMOID = "sigmoid";
  static final String LINEAR = "linear";
  static final String LOG = "log";
  static final String NONE = "none";

  private static final String AUTO = "auto";

  private FunctionContent() {}

  /**
   * @param allowed names that make sense for the part
   * @param autoPivot whether the part has a pivot of its own
   */
  static ScoreFunction parse(XContentParser parser, Set<String> allowed, boolean autoPivot)
      throws IOException {
    String name = parseName(parser, allowed);
    ScoreFunction function = parseParameters(parser, name, autoPivot);
    parseEnd(parser);
    return function;
  }

  /** The first step: the name of the one function in the object. */
  static String parseName(XContentParser parser, Set<String> allowed) throws IOException {
    expect(parser, parser.nextToken(), XContentParser.Token.FIELD_NAME);
    String name = parser.currentName();
    if (!allowed.contains(name)) {
      throw new ParsingException(
          parser.getTokenLocation(),
          "[function] must be one of " + new TreeSet<>(allowed) + ", got [" + name + "]");
    }
    return name;
  }

  /** The second: the object with its parameters. */
  static ScoreFunction parseParameters(XContentParser parser, String name, boolean autoPivot)
      throws IOException {
    expect(parser, parser.nextToken(), XContentParser.Token.START_OBJECT);
    Object value = parseParameter(parser, name);
    if (name.equals(SATURATION) && (AUTO.equals(value) || value == null) && autoPivot) {
      return new ScoreFunction.AutoSaturation();
    }
    String parameter = parameter(name);
    if (value == null && !name.equals(SIGMOID) && parameter != null) {
      throw new ParsingException(
          parser.getTokenLocation(), "[" + name + "] needs [" + parameter + "], a number above 0");
    }
    if (AUTO.equals(value)) {
      throw new ParsingException(
          parser.getTokenLocation(),
          name.equals(SATURATION)
              ? "[pivot] can be [auto] for relevance only"
              : "[" + parameter + "] must be a number above 0, got [auto]");
    }
    return of(name, value == null ? 1 : (Double) value);
  }

  /** The third: nothing else in the object. */
  static void parseEnd(XContentParser parser) throws IOException {
    expect(parser, parser.nextToken(), XContentParser.Token.END_OBJECT);
  }

  /** The one parameter of each function; null where there is none. */
  private static String parameter(String name) {
    return switch (name) {
      case SATURATION -> "pivot";
      case SIGMOID -> "scale";
      case LINEAR, LOG -> "max";
      default -> null;
    };
  }

  private static Object parseParameter(XContentParser parser, String function) throws IOException {
    Object value = null;
    String parameter = parameter(function);
    while (parser.nextToken() != XContentParser.Token.END_OBJECT) {
      String name = parser.currentName();
      XContentParser.Token token = parser.nextToken();
      if (!name.equals(parameter)) {
        throw new ParsingException(
            parser.getTokenLocation(),
            "["
                + function
                + "] does not support ["
                + name
                + "]"
                + (parameter == null ? "" : "; it takes [" + parameter + "]")
                + (function.equals(LINEAR) ? "; the decay is [linear_decay]" : ""));
      }
      value = number(parser, token, name);
    }
    return value;
  }

  private static Object number(XContentParser parser, XContentParser.Token token, String name)
      throws IOException {
    if (token == XContentParser.Token.VALUE_NUMBER) {
      return parser.doubleValue();
    }
    String text = token == XContentParser.Token.VALUE_STRING ? parser.text() : token.toString();
    if (text.equals(AUTO)) {
      return AUTO;
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw new ParsingException(
          parser.getTokenLocation(),
          "[" + name + "] must be a number above 0, got [" + text + "]",
          e);
    }
  }

  private static ScoreFunction of(String name, double parameter) {
    return switch (name) {
      case SATURATION -> new ScoreFunction.Saturation(parameter);
      case SIGMOID -> new ScoreFunction.Sigmoid(parameter);
      case LINEAR -> new ScoreFunction.Linear(parameter);
      case LOG -> new ScoreFunction.Log(parameter);
      case NONE -> new ScoreFunction.Identity();
      default -> throw new IllegalArgumentException("unknown function [" + name + "]");
    };
  }

  private static void expect(
      XContentParser parser, XContentParser.Token token, XContentParser.Token expected) {
    if (token != expected) {
      throw new ParsingException(
          parser.getTokenLocation(),
          "[function] must be an object with one function, such as {\"saturation\": {\"pivot\": 1}}");
    }
  }

  /** Writes the value of {@code function}. */
  static void toXContent(ScoreFunction function, XContentBuilder builder) throws IOException {
    String name = name(function);
    builder.startObject("function").startObject(name);
    if (function instanceof ScoreFunction.AutoSaturation) {
      builder.field("pivot", AUTO);
    } else if (parameter(name) != null) {
      builder.field(parameter(name), value(function));
    }
    builder.endObject().endObject();
  }

  static void write(ScoreFunction function, StreamOutput out) throws IOException {
    boolean auto = function instanceof ScoreFunction.AutoSaturation;
    out.writeString(name(function));
    out.writeBoolean(auto);
    if (!auto) {
      out.writeDouble(value(function));
    }
  }

  static ScoreFunction read(StreamInput in) throws IOException {
    String name = in.readString();
    return in.readBoolean() ? new ScoreFunction.AutoSaturation() : of(name, in.readDouble());
  }

  private static String name(ScoreFunction function) {
    return switch (function) {
      case ScoreFunction.Saturation f -> SATURATION;
      case ScoreFunction.AutoSaturation f -> SATURATION;
      case ScoreFunction.Sigmoid f -> SIGMOID;
      case ScoreFunction.Linear f -> LINEAR;
      case ScoreFunction.Log f -> LOG;
      case ScoreFunction.Identity f -> NONE;
      case ScoreFunction.Rescale f -> throw notWritten(f);
      case ScoreFunction.Inverse f -> throw notWritten(f);
      case ScoreFunction.Decay f -> throw notWritten(f);
    };
  }

  private static double value(ScoreFunction function) {
    return switch (function) {
      case ScoreFunction.Saturation f -> f.pivot();
      case ScoreFunction.Sigmoid f -> f.scale();
      case ScoreFunction.Linear f -> f.max();
      case ScoreFunction.Log f -> f.max();
      default -> 1;
    };
  }

  /** These belong to a space, or to a field, and are made on the shard. */
  private static IllegalStateException notWritten(ScoreFunction function) {
    return new IllegalStateException(function + " has no JSON form");
  }
}

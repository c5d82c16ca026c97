/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.affinity.ann.search.ScoreFunction;
import org.opensearch.OpenSearchParseException;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.ToXContentFragment;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.mapper.DateFieldMapper.DateFieldType;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.query.QueryShardContext;

/** {@code function} of a prior, as the user wrote it; a shard's mapping tells what it means. */
sealed interface PriorFunction extends Writeable, ToXContentFragment {

  /** The function of the numbers of a field. */
  ScoreFunction bind(MappedFieldType type, QueryShardContext context);

  /** One that means the same for every field. */
  record Fixed(ScoreFunction function) implements PriorFunction {

    static final Set<String> NAMES =
        Set.of(FunctionContent.SATURATION, FunctionContent.LINEAR, FunctionContent.LOG);

    @Override
    public ScoreFunction bind(MappedFieldType type, QueryShardContext context) {
      return function;
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeBoolean(false);
      FunctionContent.write(function, out);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      FunctionContent.toXContent(function, builder);
      return builder;
    }
  }

  /**
   * A fall from an origin, as {@code function_score} has it: numbers for a numeric field, for a
   * date field a date with maths and lengths of time.
   *
   * @param origin null for the moment of the request
   * @param offset null for none
   */
  record Decay(
      ScoreFunction.Decay.Curve curve, String origin, String scale, String offset, double decay)
      implements PriorFunction {

    static final double DEFAULT = 0.5;

    private static final Map<String, ScoreFunction.Decay.Curve> CURVES =
        Arrays.stream(ScoreFunction.Decay.Curve.values())
            .collect(Collectors.toUnmodifiableMap(Decay::name, Function.identity()));

    private static final ConstructingObjectParser<Decay, ScoreFunction.Decay.Curve> PARSER =
        new ConstructingObjectParser<>(
            "decay",
            false,
            (args, curve) ->
                new Decay(
                    curve,
                    (String) args[1],
                    (String) args[0],
                    (String) args[2],
                    (double) Objects.requireNonNullElse(args[3], DEFAULT)));

    static {
      PARSER.declareField(
          ConstructingObjectParser.constructorArg(),
          XContentParser::text,
          new ParseField("scale"),
          ObjectParser.ValueType.VALUE);
      PARSER.declareField(
          ConstructingObjectParser.optionalConstructorArg(),
          XContentParser::text,
          new ParseField("origin"),
          ObjectParser.ValueType.VALUE);
      PARSER.declareField(
          ConstructingObjectParser.optionalConstructorArg(),
          XContentParser::text,
          new ParseField("offset"),
          ObjectParser.ValueType.VALUE);
      PARSER.declareDouble(
          ConstructingObjectParser.optionalConstructorArg(), new ParseField("decay"));
    }

    public Decay {
      if (!(decay > 0 && decay < 1)) {
        throw new IllegalArgumentException(
            "["
                + name(curve)
                + ".decay] must be a number above 0 and below 1, got ["
                + decay
                + "]");
      }
    }

    private static String name(ScoreFunction.Decay.Curve curve) {
      return switch (curve) {
        case GAUSS -> "gauss";
        case EXP -> "exp";
        case LINEAR -> "linear_decay";
      };
    }

    @Override
    public ScoreFunction bind(MappedFieldType type, QueryShardContext context) {
      return type.unwrap() instanceof DateFieldType date
          ? new ScoreFunction.Decay(
              curve,
              origin == null ? context.nowInMillis() : moment(date, context),
              length(type, "scale", scale, 1),
              offset == null ? 0 : length(type, "offset", offset, 0),
              decay)
          : new ScoreFunction.Decay(
              curve,
              number(type, "origin", origin, Double.NEGATIVE_INFINITY),
              number(type, "scale", scale, Double.MIN_VALUE),
              offset == null ? 0 : number(type, "offset", offset, 0),
              decay);
    }

    /** The request's own clock: the same on every shard, and never cached. */
    private long moment(DateFieldType type, QueryShardContext context) {
      try {
        return type.convertNanosToMillis(
            type.parseToLong(origin, false, null, null, context::nowInMillis));
      } catch (OpenSearchParseException | IllegalArgumentException e) {
        throw refuse(type, "origin", "a date such as [now-7d]", origin, e);
      }
    }

    /** In milliseconds. */
    private long length(MappedFieldType type, String option, String value, long least) {
      long length;
      try {
        length = TimeValue.parseTimeValue(value, option).millis();
      } catch (IllegalArgumentException e) {
        throw refuse(type, option, "a length of time such as [30d]", value, e);
      }
      if (length < least) {
        String expected = "a length of time " + (least == 0 ? "from" : "above") + " 0";
        throw refuse(type, option, expected, value, null);
      }
      return length;
    }

    private double number(MappedFieldType type, String option, String value, double least) {
      // Java would read [30d] as a number.
      double number =
          value != null && value.matches("[-+.0-9eE]+") ? parseDouble(value) : Double.NaN;
      if (!(number >= least) || Double.isInfinite(number)) {
        String range = least > 0 ? " above 0" : least == 0 ? " from 0" : "";
        throw refuse(type, option, "a finite number" + range, value, null);
      }
      return number;
    }

    private static double parseDouble(String value) {
      try {
        return Double.parseDouble(value);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }

    private IllegalArgumentException refuse(
        MappedFieldType type, String option, String expected, String value, Exception cause) {
      return new IllegalArgumentException(
          "["
              + name(curve)
              + "."
              + option
              + "] of field ["
              + type.name()
              + "] of type ["
              + type.typeName()
              + "] must be "
              + expected
              + ", got ["
              + value
              + "]",
          cause);
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeBoolean(true);
      out.writeEnum(curve);
      out.writeOptionalString(origin);
      out.writeString(scale);
      out.writeOptionalString(offset);
      out.writeDouble(decay);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      builder.startObject("function").startObject(name(curve));
      if (origin != null) {
        builder.field("origin", origin);
      }
      builder.field("scale", scale);
      if (offset != null) {
        builder.field("offset", offset);
      }
      return builder.field("decay", decay).endObject().endObject();
    }
  }

  /** Reads what {@link #writeTo} wrote. */
  static PriorFunction readFrom(StreamInput in) throws IOException {
    return in.readBoolean()
        ? new Decay(
            in.readEnum(ScoreFunction.Decay.Curve.class),
            in.readOptionalString(),
            in.readString(),
            in.readOptionalString(),
            in.readDouble())
        : new Fixed(FunctionContent.read(in));
  }

  /** Parses the object behind {@code function}. */
  static PriorFunction parse(XContentParser parser) throws IOException {
    Set<String> names =
        Stream.concat(Fixed.NAMES.stream(), Decay.CURVES.keySet().stream())
            .collect(Collectors.toUnmodifiableSet());
    String name = FunctionContent.parseName(parser, names);
    ScoreFunction.Decay.Curve curve = Decay.CURVES.get(name);
    PriorFunction function =
        curve == null
            ? new Fixed(FunctionContent.parseParameters(parser, name, false))
            : Decay.PARSER.apply(parser, curve);
    FunctionContent.parseEnd(parser);
    return function;
  }
}

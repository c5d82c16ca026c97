/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.affinity.plugin.vector.StoredPart;
import org.affinity.quantization.VectorMath;
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
 * {@code sum}: the weighted sum of several vectors. A part that is not there adds nothing. If one
 * part has several interests, each of them is summed with the other parts.
 *
 * @param missing null until the defaults are filled in
 */
public record SumReference(List<Part> parts, Missing missing) implements ReferenceForm {

  /**
   * A part.
   *
   * @param from given, or to be fetched
   */
  public record Part(double weight, VectorReference from) implements Writeable, ToXContentObject {

    private static final ConstructingObjectParser<Part, Integer> PARSER =
        new ConstructingObjectParser<>(
            "sum",
            args ->
                new Part(
                    (double) Objects.requireNonNullElse(args[0], 1.0),
                    VectorReference.oneOf((VectorReference) args[1], (VectorReference) args[2])));

    static {
      PARSER.declareDouble(
          ConstructingObjectParser.optionalConstructorArg(), new ParseField("weight"));
      PARSER.declareField(
          ConstructingObjectParser.optionalConstructorArg(),
          (parser, depth) -> VectorReference.parseVector(parser),
          VectorReference.VECTOR,
          ObjectParser.ValueType.VALUE_OBJECT_ARRAY);
      PARSER.declareObject(
          ConstructingObjectParser.optionalConstructorArg(),
          (parser, depth) -> FromContent.parse(parser, depth + 1),
          VectorReference.FROM);
    }

    public Part {
      if (!(Math.abs(weight) <= WeightedItem.MAX_WEIGHT) || weight == 0) {
        throw new IllegalArgumentException(
            "[sum.weight] must be a number other than 0 from -"
                + (int) WeightedItem.MAX_WEIGHT
                + " to "
                + (int) WeightedItem.MAX_WEIGHT
                + ", got ["
                + weight
                + "]");
      }
    }

    Part(StreamInput in) throws IOException {
      this(in.readDouble(), VectorReference.readFrom(in));
    }

    static Part parse(XContentParser parser, int depth) {
      return PARSER.apply(parser, depth);
    }

    Step step(Knowledge known) throws Exception {
      return switch (from) {
        case Given given -> new Step.Found(given.taste(), given.origin(), given.usage());
        case ReferenceForm form -> form.step(known);
        case Absent absent -> new Step.None(absent.origin(), absent.usage());
        case Pending pending -> throw pending.unresolved();
      };
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeDouble(weight);
      from.writeTo(out);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      builder.startObject().field("weight", weight);
      return from.toXContent(builder, params).endObject();
    }
  }

  public SumReference {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("[sum] needs at least one part");
    }
    long branching = parts.stream().filter(part -> interests(part.from()) > 1).count();
    if (branching > 1) {
      throw new IllegalArgumentException(
          "only one part of a [sum] may have [interests] above 1, got [" + branching + "]");
    }
  }

  /** The most vectors a reference can give. */
  static int interests(VectorReference from) {
    return switch (from) {
      case HistoryReference history -> history.interests();
      case SumReference sum ->
          sum.parts.stream().mapToInt(part -> interests(part.from())).max().orElse(1);
      case FirstOfReference chain ->
          chain.rungs().stream().mapToInt(SumReference::interests).max().orElse(1);
      default -> 1;
    };
  }

  SumReference(StreamInput in) throws IOException {
    this(in.readList(Part::new), in.readEnum(Missing.class));
  }

  @Override
  public SumReference withDefaults(String defaultField, Missing defaultMissing) {
    return new SumReference(
        parts.stream()
            .map(
                part ->
                    new Part(
                        part.weight(), part.from().withDefaults(defaultField, Missing.NEUTRAL)))
            .toList(),
        Objects.requireNonNullElse(missing, defaultMissing));
  }

  @Override
  public String origin() {
    return "sum of " + parts.size() + " parts";
  }

  @Override
  public void check(ReferenceLimits.Budget budget) {
    budget.part();
    budget.nested(
        () -> {
          for (Part part : parts) {
            if (part.from() instanceof ReferenceForm form) {
              form.check(budget);
            }
          }
        });
  }

  @Override
  public Step resolve(Knowledge known) throws Exception {
    Set<StoredPart<?>> needs = new LinkedHashSet<>();
    List<Part> there = new ArrayList<>();
    List<Step.Found> found = new ArrayList<>();
    List<String> missed = new ArrayList<>();
    Usage usage = Usage.NONE;
    for (Part part : parts) {
      switch (part.step(known)) {
        case Step.Needs more -> needs.addAll(more.parts());
        case Step.Found one -> {
          there.add(part);
          found.add(one);
          usage = usage.plus(one.usage());
        }
        case Step.None none -> {
          missed.add(none.reason());
          usage = usage.plus(none.usage());
        }
      }
    }
    if (!needs.isEmpty()) {
      return new Step.Needs(needs);
    }
    if (found.isEmpty()) {
      return new Step.None("no part of the sum is there: " + String.join("; ", missed), usage);
    }
    return add(there, found, missed, usage);
  }

  private static Step add(
      List<Part> there, List<Step.Found> found, List<String> missed, Usage usage) {
    boolean repelled = false;
    List<String> origins = new ArrayList<>();
    List<List<float[]>> values = new ArrayList<>();
    List<List<float[]>> directions = new ArrayList<>();
    double[] weights = there.stream().mapToDouble(Part::weight).toArray();
    for (int i = 0; i < weights.length; i++) {
      Step.Found one = found.get(i);
      repelled |= weights[i] < 0 || one.taste().repelled();
      origins.add(weights[i] + " * " + one.origin());
      requireOneDimension(found.get(0), one);
      values.add(one.taste().values());
      directions.add(
          one.taste().directed().stream()
              .map(vector -> Objects.requireNonNullElse(ItemMean.unit(vector), vector))
              .toList());
    }
    String origin =
        "sum of " + String.join(" + ", origins) + (missed.isEmpty() ? "" : ", without " + missed);
    List<float[]> sums = sums(values, weights, repelled);
    if (repelled) {
      sums = sums.stream().filter(sum -> VectorMath.squaredNorm(sum) > 0).toList();
      if (sums.isEmpty()) {
        return new Step.None(origin + ": the parts cancel out", Usage.NONE);
      }
    }
    return new Step.Found(
        new Taste(sums, sums(directions, weights, true), repelled), origin, usage);
  }

  private static void requireOneDimension(Step.Found first, Step.Found other) {
    int dimension = first.taste().values().get(0).length;
    int given = other.taste().values().get(0).length;
    if (given != dimension) {
      throw new IllegalArgumentException(
          other.origin()
              + " has ["
              + given
              + "] values, "
              + first.origin()
              + " has ["
              + dimension
              + "]: parts of one [sum] must be of one dimension");
    }
  }

  /**
   * One sum for each interest of the part that has several, at most one.
   *
   * @param cancel whether what is so short that it is rounding is made zeros
   */
  private static List<float[]> sums(List<List<float[]>> parts, double[] weights, boolean cancel) {
    int interests = parts.stream().mapToInt(List::size).max().orElseThrow();
    List<float[]> sums = new ArrayList<>();
    for (int interest = 0; interest < interests; interest++) {
      double[] sum = new double[parts.get(0).get(0).length];
      double longest = 0;
      for (int p = 0; p < weights.length; p++) {
        List<float[]> part = parts.get(p);
        float[] vector = part.get(part.size() == 1 ? 0 : interest);
        longest =
            Math.max(longest, Math.abs(weights[p]) * Math.sqrt(VectorMath.squaredNorm(vector)));
        for (int d = 0; d < sum.length; d++) {
          sum[d] += weights[p] * vector[d];
        }
      }
      float[] rounded = new float[sum.length];
      for (int d = 0; d < sum.length; d++) {
        rounded[d] = (float) sum[d];
      }
      boolean nothing =
          cancel && Math.sqrt(VectorMath.squaredNorm(rounded)) <= ItemMean.NOTHING * longest;
      sums.add(nothing ? new float[sum.length] : rounded);
    }
    return sums;
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeByte((byte) 5);
    out.writeList(parts);
    out.writeEnum(missing);
  }

  @Override
  public XContentBuilder content(XContentBuilder builder, Params params) throws IOException {
    return builder.field("sum", parts).field("missing", missing.toString());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.affinity.quantization.Estimator;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.Training;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * One codebook and where it is in use.
 *
 * @param id of its content: equal in all segments, shards and nodes that share it
 * @param segments that use it
 * @param vectors coded with it
 */
record CodebookStats(String id, long segments, long vectors, Code code, Trained training)
    implements Writeable, ToXContentObject {

  /**
   * How a vector is coded.
   *
   * @param recordLength bytes kept per vector
   * @param estimator what the trainer chose
   */
  record Code(String metric, int m, int bits, int recordLength, String estimator)
      implements Writeable {

    Code(StreamInput in) throws IOException {
      this(in.readString(), in.readVInt(), in.readVInt(), in.readVInt(), in.readString());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeString(metric);
      out.writeVInt(m);
      out.writeVInt(bits);
      out.writeVInt(recordLength);
      out.writeString(estimator);
    }
  }

  /**
   * What the trainer reached.
   *
   * @param sample vectors it learned from
   * @param error mean squared distance of vectors from what their codes stand for
   * @param relativeError that over the vectors' variance: 0 is lossless, 1 useless
   */
  record Trained(long sample, double error, double relativeError, List<Trial> trials)
      implements Writeable {

    Trained {
      trials = List.copyOf(trials);
    }

    Trained(StreamInput in) throws IOException {
      this(in.readVLong(), in.readDouble(), in.readDouble(), in.readList(Trial::new));
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeVLong(sample);
      out.writeDouble(error);
      out.writeDouble(relativeError);
      out.writeList(trials);
    }
  }

  /** What the trainer tried, and the share of true neighbours among the first by code. */
  record Trial(String estimator, float recall) implements Writeable {

    Trial(StreamInput in) throws IOException {
      this(in.readString(), in.readFloat());
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeString(estimator);
      out.writeFloat(recall);
    }
  }

  /** A codebook in one segment. */
  static CodebookStats of(String id, long vectors, ProductQuantizer quantizer) {
    PqParameters parameters = quantizer.parameters();
    Training training = quantizer.training();
    List<Trial> trials = new ArrayList<>();
    for (Training.Trial trial : training.trials()) {
      trials.add(new Trial(words(trial.estimator()), trial.recall()));
    }
    return new CodebookStats(
        id,
        1,
        vectors,
        new Code(
            quantizer.metric().name().toLowerCase(Locale.ROOT),
            parameters.m(),
            parameters.bits(),
            quantizer.recordLength(),
            words(quantizer.estimator())),
        new Trained(
            training.sample(),
            training.error().meanSquared(),
            training.error().relative(),
            trials));
  }

  private static String words(Estimator estimator) {
    List<String> words = new ArrayList<>();
    if (estimator.rotated()) {
      words.add("rotated");
    }
    if (estimator.direction()) {
      words.add("direction");
    }
    if (estimator.scalar()) {
      words.add("scalar");
    }
    if (estimator.residual()) {
      words.add("residual");
    }
    return words.isEmpty() ? "plain" : String.join("+", words);
  }

  CodebookStats(StreamInput in) throws IOException {
    this(in.readString(), in.readVLong(), in.readVLong(), new Code(in), new Trained(in));
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeString(id);
    out.writeVLong(segments);
    out.writeVLong(vectors);
    code.writeTo(out);
    training.writeTo(out);
  }

  /** The same codebook in more segments. */
  CodebookStats plus(CodebookStats other) {
    return new CodebookStats(
        id, segments + other.segments, vectors + other.vectors, code, training);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder
        .startObject()
        .field("id", id)
        .field("segments", segments)
        .field("vectors", vectors)
        .field("metric", code.metric())
        .field("m", code.m())
        .field("bits", code.bits())
        .field("bytes_per_vector", code.recordLength())
        .field("estimator", code.estimator())
        .startObject("training")
        .field("sample", training.sample())
        .field("error", training.error())
        .field("relative_error", training.relativeError())
        .startArray("trials");
    for (Trial trial : training.trials()) {
      builder
          .startObject()
          .field("estimator", trial.estimator())
          .field("recall", trial.recall())
          .endObject();
    }
    return builder.endArray().endObject().endObject();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opensearch.action.search.SearchRequest;
import org.opensearch.core.ParseField;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.search.SearchExtBuilder;

/**
 * {@code ext.affinity}. In a request {@code {"references": true}} asks what the references came to;
 * in the response it is a list of that.
 *
 * <p>The one of a request collects while the request is rewritten on its node. Thread-safe.
 */
public final class AffinityExt extends SearchExtBuilder {

  public static final String NAME = "affinity";

  private static final ConstructingObjectParser<AffinityExt, Void> PARSER =
      new ConstructingObjectParser<>(
          NAME, args -> new AffinityExt((boolean) args[0] ? Form.ASKED : Form.UNASKED, List.of()));

  static {
    PARSER.declareBoolean(ConstructingObjectParser.constructorArg(), new ParseField("references"));
  }

  /**
   * What one reference came to.
   *
   * @param reference as it was asked for
   * @param used where the vector came from, or why there is none
   * @param vectors how many there are: 0 if none, one for each interest
   */
  record Entry(String reference, String used, int vectors, Usage usage)
      implements Writeable, ToXContentObject {

    Entry(StreamInput in) throws IOException {
      this(in.readString(), in.readString(), in.readVInt(), new Usage(in));
    }

    @Override
    public void writeTo(StreamOutput out) throws IOException {
      out.writeString(reference);
      out.writeString(used);
      out.writeVInt(vectors);
      usage.writeTo(out);
    }

    @Override
    public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
      builder.startObject().field("reference", reference).field("used", used);
      builder.field("vectors", vectors).field("items", usage.items());
      builder.field("skipped", usage.skipped());
      if (usage.rung() > 0) {
        builder.field("rung", usage.rung());
      }
      return builder.endObject();
    }
  }

  private enum Form {
    ASKED,
    UNASKED,
    REPORT
  }

  private final Form form;
  private final List<Entry> entries;

  private AffinityExt(Form form, List<Entry> entries) {
    this.form = form;
    this.entries = new CopyOnWriteArrayList<>(entries);
  }

  public AffinityExt(StreamInput in) throws IOException {
    this(in.readEnum(Form.class), in.readList(Entry::new));
  }

  public static AffinityExt parse(XContentParser parser) throws IOException {
    return PARSER.apply(parser, null);
  }

  /** That of a request which asks for a report, or null. */
  static AffinityExt of(SearchRequest request) {
    if (request.source() != null) {
      for (SearchExtBuilder ext : request.source().ext()) {
        if (ext instanceof AffinityExt affinity && affinity.form == Form.ASKED) {
          return affinity;
        }
      }
    }
    return null;
  }

  /** Forgets what an earlier request with the same source collected. */
  void restart() {
    entries.clear();
  }

  void add(ReferenceForm reference, VectorReference resolved) {
    switch (resolved) {
      case VectorReference.Given given ->
          entries.add(
              new Entry(
                  reference.origin(),
                  given.origin(),
                  given.taste().values().size(),
                  given.usage()));
      case VectorReference.Absent absent ->
          entries.add(new Entry(reference.origin(), absent.origin(), 0, absent.usage()));
      default -> throw new IllegalStateException(reference.origin() + " is not resolved");
    }
  }

  /** For the response: what was collected. */
  AffinityExt collected() {
    return new AffinityExt(Form.REPORT, entries);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeEnum(form);
    out.writeList(form == Form.REPORT ? entries : List.of());
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME);
    if (form == Form.REPORT) {
      builder.field("references", entries);
    } else {
      builder.field("references", form == Form.ASKED);
    }
    return builder.endObject();
  }

  /** A request's is what it asks for, whatever it has collected. */
  @Override
  public boolean equals(Object other) {
    return other instanceof AffinityExt that
        && form == that.form
        && (form != Form.REPORT || entries.equals(that.entries));
  }

  @Override
  public int hashCode() {
    return form == Form.REPORT ? Objects.hash(entries) : form.ordinal();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.common.unit.ByteSizeValue;
import org.opensearch.core.xcontent.ToXContentObject;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * What there is of an embedding field: in a segment, and added up over segments and shards.
 *
 * @param vectors in the files, those of deleted documents included
 * @param live those of documents that are not deleted
 * @param formats segments by the SPI name of their format
 * @param searched segments by what a search goes through first (see {@link FileKind})
 * @param bytes by kind
 * @param codebooks by id
 */
record FieldStats(
    long vectors,
    long live,
    Tally formats,
    Tally searched,
    Tally bytes,
    SortedMap<String, CodebookStats> codebooks,
    SearchStats searches)
    implements Writeable, ToXContentObject {

  static final FieldStats NONE =
      new FieldStats(0, 0, Tally.NONE, Tally.NONE, Tally.NONE, new TreeMap<>(), SearchStats.NONE);

  FieldStats {
    codebooks = Collections.unmodifiableSortedMap(new TreeMap<>(codebooks));
  }

  FieldStats(StreamInput in) throws IOException {
    this(
        in.readVLong(),
        in.readVLong(),
        new Tally(in),
        new Tally(in),
        new Tally(in),
        new TreeMap<>(in.readMap(StreamInput::readString, CodebookStats::new)),
        new SearchStats(in));
  }

  /** Fields by name, as shards send them. */
  static Map<String, FieldStats> readFields(StreamInput in) throws IOException {
    return in.readMap(StreamInput::readString, FieldStats::new);
  }

  static void writeFields(Map<String, FieldStats> fields, StreamOutput out) throws IOException {
    out.writeMap(fields, StreamOutput::writeString, (o, field) -> field.writeTo(o));
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeVLong(vectors);
    out.writeVLong(live);
    formats.writeTo(out);
    searched.writeTo(out);
    bytes.writeTo(out);
    out.writeMap(codebooks, StreamOutput::writeString, (o, codebook) -> codebook.writeTo(o));
    searches.writeTo(out);
  }

  FieldStats plus(FieldStats other) {
    SortedMap<String, CodebookStats> all = new TreeMap<>(codebooks);
    other.codebooks.forEach((id, codebook) -> all.merge(id, codebook, CodebookStats::plus));
    return new FieldStats(
        vectors + other.vectors,
        live + other.live,
        formats.plus(other.formats),
        searched.plus(other.searched),
        bytes.plus(other.bytes),
        all,
        searches.plus(other.searches));
  }

  FieldStats with(SearchStats counted) {
    return new FieldStats(vectors, live, formats, searched, bytes, codebooks, counted);
  }

  @Override
  public XContentBuilder toXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject().field("vectors", vectors).field("live", live);
    builder.startObject("segments").field("count", formats.total());
    builder.field("formats", formats.counts()).field("searched", searched.counts()).endObject();
    writeBytes(bytes, builder);
    builder.startArray("codebooks");
    for (CodebookStats codebook : codebooks.values()) {
      codebook.toXContent(builder, params);
    }
    builder.endArray();
    searches.toXContent(builder, params);
    return builder.endObject();
  }

  static void writeBytes(Tally bytes, XContentBuilder builder) throws IOException {
    builder.startObject("bytes");
    for (Map.Entry<String, Long> kind : bytes.counts().entrySet()) {
      builder.humanReadableField(
          kind.getKey() + "_in_bytes", kind.getKey(), new ByteSizeValue(kind.getValue()));
    }
    builder.humanReadableField("total_in_bytes", "total", new ByteSizeValue(bytes.total()));
    builder.endObject();
  }
}

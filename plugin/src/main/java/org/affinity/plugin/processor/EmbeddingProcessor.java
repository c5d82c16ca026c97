/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.opensearch.ingest.AbstractProcessor;
import org.opensearch.ingest.IngestDocument;

/**
 * {@code embedding}: decodes, checks and normalizes a vector that a document brings, and stamps it
 * with its model and version. Thread-safe.
 */
final class EmbeddingProcessor extends AbstractProcessor {

  static final String TYPE = "embedding";

  private final String field;
  private final VectorDecoder decoder;
  private final Integer dimension;
  private final VectorTarget target;
  private final Map<String, String> stamps;
  private final boolean ignoreMissing;
  private final MappedDimension mapped;

  private EmbeddingProcessor(ProcessorConfig config, MappedDimension mapped) {
    super(config.tag(), config.description());
    this.field = config.string("field");
    String targetField = config.has("target_field") ? config.string("target_field") : field;
    this.decoder =
        new VectorDecoder(
            config.oneOf("encoding", VectorDecoder.Encoding.class, VectorDecoder.Encoding.AUTO));
    this.dimension = config.optionalDimension();
    this.target = VectorTarget.read(config, targetField);
    if (!target.override() && targetField.equals(field)) {
      throw config.refuse("override", "[false] needs a [target_field] other than [field]");
    }
    this.stamps = new TreeMap<>();
    stamp(config, "model", targetField);
    stamp(config, "version", targetField);
    this.ignoreMissing = config.flag("ignore_missing", false);
    this.mapped = mapped;
  }

  static EmbeddingProcessor create(ProcessorConfig config, MappedDimension mapped) {
    return new EmbeddingProcessor(config, mapped);
  }

  private void stamp(ProcessorConfig config, String name, String targetField) {
    String value = config.optionalString(name);
    String option = name + "_field";
    if (value == null) {
      if (config.has(option)) {
        throw config.refuse(option, "needs [" + name + "]");
      }
      return;
    }
    String place = config.optionalString(option);
    if (place == null) {
      if (targetField.contains("{{")) {
        throw config.refuse(option, "is needed where [target_field] is a template");
      }
      place = targetField + "_" + name;
    }
    stamps.put(place, value);
  }

  @Override
  public IngestDocument execute(IngestDocument document) {
    DocumentField source = new DocumentField(document, field);
    Object value = source.value();
    if (value == null) {
      if (ignoreMissing) {
        return document;
      }
      throw source.missing();
    }
    if (target.keeps(document)) {
      return document;
    }
    float[] vector = decoder.decode(value, dimension(document), source.what());
    target.put(document, vector, source.what());
    stamps.forEach(document::setFieldValue);
    return document;
  }

  private OptionalInt dimension(IngestDocument document) {
    if (dimension != null) {
      return OptionalInt.of(dimension);
    }
    Object index =
        document.getSourceAndMetadata().get(IngestDocument.Metadata.INDEX.getFieldName());
    return mapped.of(String.valueOf(index), target.field(document).path());
  }

  @Override
  public String getType() {
    return TYPE;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.List;
import java.util.stream.Stream;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.ingest.IngestDocument;

/**
 * A field whose values have vectors in a vocabulary.
 *
 * @param dimension of the vectors; null to go by the vocabulary's mapping
 */
record CombineInput(
    String field,
    String index,
    String sourceField,
    String idPrefix,
    double weight,
    Integer dimension) {

  /** A value of the field and where its vector stands. */
  record Entry(String name, StoredVector vector) {}

  static CombineInput read(ProcessorConfig config) {
    String prefix = config.optionalString("id_prefix");
    CombineInput input =
        new CombineInput(
            config.string("field"),
            config.index("index"),
            config.string("source_field"),
            prefix == null ? "" : prefix,
            config.weight("weight"),
            config.optionalDimension());
    config.end("inputs");
    return input;
  }

  /** The field's values, each once. */
  List<Entry> entries(IngestDocument document) {
    Stream<String> values =
        new DocumentField(document, field).keys().stream().map(Object::toString).distinct();
    return values
        .map(
            value ->
                new Entry(
                    field + "=" + value,
                    new StoredVector(index, idPrefix + value, null, sourceField)))
        .toList();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.Collection;
import java.util.List;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.script.TemplateScript;

/** {@code embedding_lookup}: takes the vector stored under a document's id in another index. */
final class LookupProcessor extends FetchingProcessor {

  static final String TYPE = "embedding_lookup";

  private final String field;
  private final TemplateScript.Factory id;
  private final String routingField;
  private final String index;
  private final String sourceField;
  private final VectorTarget target;
  private final boolean ignoreMissing;

  private LookupProcessor(ProcessorConfig config, VectorFetch.Source vectors) {
    super(config, vectors.within(config.timeout()));
    if (config.has("field") == config.has("id")) {
      throw config.refuse("field", "or a template [id] is needed, and not both");
    }
    this.field = config.optionalString("field");
    String template = config.optionalString("id");
    this.id = template == null ? null : config.template("id", template);
    this.routingField = config.optionalString("routing_field");
    this.index = config.index("index");
    String targetField = config.string("target_field");
    if (!config.has("source_field") && targetField.contains("{{")) {
      throw config.refuse("source_field", "is needed where [target_field] is a template");
    }
    this.sourceField = config.has("source_field") ? config.string("source_field") : targetField;
    this.target = VectorTarget.read(config, targetField);
    this.ignoreMissing = config.flag("ignore_missing", false);
  }

  static LookupProcessor create(ProcessorConfig config, VectorFetch.Source vectors) {
    return new LookupProcessor(config, vectors);
  }

  private record Lookup(
      IngestDocument document, StoredVector vector, VectorTarget target, boolean ignoreMissing)
      implements Work {

    @Override
    public Collection<StoredVector> needs() {
      return List.of(vector);
    }

    @Override
    public void finish(Fetched vectors, WrittenNumbers written) throws Exception {
      switch (vectors.get(vector)) {
        case Fetched.Found<float[]> found ->
            target.put(document, found.value(), found.what(), written);
        case Fetched.Missing<float[]> missing -> {
          if (!ignoreMissing) {
            throw new IllegalArgumentException(
                missing.reason()
                    + ", which "
                    + DocumentField.nameOf(document)
                    + " asks for; load it, or set [ignore_missing: true] to go on without a"
                    + " vector");
          }
        }
        case Fetched.Failed<float[]> failed -> throw failed.cause();
      }
    }
  }

  @Override
  Work begin(IngestDocument document) {
    if (target.keeps(document)) {
      return Work.NONE;
    }
    String wanted = id == null ? single(document, field) : document.renderTemplate(id);
    if (wanted == null || wanted.isEmpty()) {
      if (ignoreMissing) {
        return Work.NONE;
      }
      throw field == null
          ? new IllegalArgumentException(
              "[id] is empty for "
                  + DocumentField.nameOf(document)
                  + "; fill in the fields of its template, or set [ignore_missing: true]")
          : new DocumentField(document, field).missing();
    }
    String routing = routingField == null ? null : single(document, routingField);
    return new Lookup(
        document, new StoredVector(index, wanted, routing, sourceField), target, ignoreMissing);
  }

  /** Null if the field is missing. */
  private static String single(IngestDocument document, String path) {
    DocumentField source = new DocumentField(document, path);
    List<Object> keys = source.keys();
    if (keys.size() > 1) {
      throw source.refuse(
          "holds ["
              + keys.size()
              + "] values, and [embedding_lookup] takes one; [embedding_combine] takes several");
    }
    return keys.isEmpty() ? null : keys.get(0).toString();
  }

  @Override
  public String getType() {
    return TYPE;
  }
}

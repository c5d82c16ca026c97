/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.opensearch.ingest.AbstractProcessor;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.ingest.IngestDocumentWrapper;

/**
 * {@code embedding_hash} with {@code method: signed}: the hashing trick (Weinberger et al., 2009).
 * Each token adds 1 or -1 to one of {@code dimension} places. With seed 0 the same numbers as
 * {@code sklearn.feature_extraction.FeatureHasher} gives for the same tokens. Thread-safe.
 */
final class SignedHashProcessor extends AbstractProcessor {

  static final int MAX_FIELDS = 64;

  private final List<String> fields;
  private final boolean fieldNames;
  private final int dimension;
  private final int seed;
  private final VectorTarget target;
  private final boolean ignoreMissing;

  SignedHashProcessor(ProcessorConfig config) {
    super(config.tag(), config.description());
    this.fields = config.oneOrMore("field", "fields", MAX_FIELDS);
    this.fieldNames = config.flag("field_names", true);
    this.dimension = config.integer("dimension", 1, ProcessorConfig.MAX_DIMENSION);
    Integer given = config.optionalInt("seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
    this.seed = given == null ? 0 : given;
    this.target = VectorTarget.read(config, config.string("target_field"));
    this.ignoreMissing = config.flag("ignore_missing", false);
  }

  @Override
  public IngestDocument execute(IngestDocument document) {
    hash(document, new WrittenNumbers());
    return document;
  }

  @Override
  public void batchExecute(
      List<IngestDocumentWrapper> documents, Consumer<List<IngestDocumentWrapper>> handler) {
    WrittenNumbers written = new WrittenNumbers();
    handler.accept(documents.stream().map(document -> hash(document, written)).toList());
  }

  private IngestDocumentWrapper hash(IngestDocumentWrapper wrapper, WrittenNumbers written) {
    IngestDocument document = wrapper.getIngestDocument();
    Exception failure = null;
    try {
      hash(document, written);
    } catch (RuntimeException e) {
      failure = e;
    }
    return new IngestDocumentWrapper(wrapper.getSlot(), wrapper.getChildSlot(), document, failure);
  }

  private void hash(IngestDocument document, WrittenNumbers written) {
    if (target.keeps(document)) {
      return;
    }
    List<String> tokens = tokens(document);
    if (!tokens.isEmpty()) {
      target.put(
          document,
          hash(tokens, dimension, seed),
          "the hash of fields " + fields + " of " + DocumentField.nameOf(document),
          written);
    } else if (!ignoreMissing) {
      throw new DocumentField(document, String.join(", ", fields)).missing();
    }
  }

  private List<String> tokens(IngestDocument document) {
    List<String> tokens = new ArrayList<>();
    for (String field : fields) {
      for (Object key : new DocumentField(document, field).keys()) {
        tokens.add(fieldNames ? field + "=" + key : key.toString());
      }
    }
    return tokens;
  }

  /** Adds up the tokens' signs at their places. */
  static float[] hash(List<String> tokens, int dimension, int seed) {
    float[] vector = new float[dimension];
    for (String token : tokens) {
      int hash = Murmur3.hash(token, seed);
      // The absolute value as a long: that of the least int does not fit an int.
      vector[(int) (Math.abs((long) hash) % dimension)] += hash >= 0 ? 1 : -1;
    }
    return vector;
  }

  @Override
  public String getType() {
    return HashMethod.TYPE;
  }
}

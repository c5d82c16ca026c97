/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;

/** A vector that an {@link EmbeddingFieldMapper} took, as against those of other plugins. */
final class EmbeddingField extends KnnFloatVectorField {

  EmbeddingField(String name, float[] vector, FieldType type) {
    super(name, vector, type);
  }
}

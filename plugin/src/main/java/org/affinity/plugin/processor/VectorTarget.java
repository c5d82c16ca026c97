/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Locale;
import org.affinity.plugin.vector.VectorContent;
import org.affinity.quantization.VectorMath;
import org.opensearch.ingest.IngestDocument;
import org.opensearch.script.TemplateScript;

/**
 * Where a processor puts its vector, and in which form.
 *
 * @param override whether a vector that is there is replaced
 */
record VectorTarget(
    TemplateScript.Factory field, boolean normalize, Output output, boolean override) {

  /** Both give the mapper the very float32 values. */
  enum Output {
    ARRAY,
    BASE64;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static VectorTarget read(ProcessorConfig config, String targetField) {
    return new VectorTarget(
        config.template("target_field", targetField),
        config.flag("normalize", false),
        config.oneOf("output", Output.class, Output.ARRAY),
        config.flag("override", true));
  }

  /** Whether there is nothing to do, because the document has its vector already. */
  boolean keeps(IngestDocument document) {
    return !override && field(document).value() != null;
  }

  DocumentField field(IngestDocument document) {
    String path = document.renderTemplate(field);
    if (path.isBlank()) {
      throw new IllegalArgumentException(
          "[target_field] is empty for " + DocumentField.nameOf(document));
    }
    return new DocumentField(document, path);
  }

  /**
   * Writes a vector that the document did not bring.
   *
   * @throws org.opensearch.OpenSearchStatusException (429) if the bulk got too many numbers already
   */
  void put(IngestDocument document, float[] vector, String what, WrittenNumbers written) {
    written.requireRoom(vector.length);
    put(document, vector, what);
    written.add(vector.length);
  }

  /**
   * Writes a vector.
   *
   * @param vector neither changed nor copied
   * @param what what it was made of, for messages
   */
  void put(IngestDocument document, float[] vector, String what) {
    VectorContent.requireFinite(vector, what);
    float[] values = vector;
    if (normalize) {
      if (VectorMath.squaredNorm(vector) == 0) {
        throw new IllegalArgumentException(
            what + " is a zero vector, which [normalize: true] cannot bring to length 1");
      }
      values = VectorMath.normalized(vector);
    }
    document.setFieldValue(
        field(document).path(), output == Output.ARRAY ? new FloatList(values) : base64(values));
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}

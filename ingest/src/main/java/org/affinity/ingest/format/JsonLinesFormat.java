/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;

/** JSON lines: {@link JsonLinesReader}. */
public final class JsonLinesFormat implements EmbeddingFormat {
  @Override
  public String label() {
    return "jsonl";
  }

  /** A brace first, and no zero byte near it: dimension 123 starts with a brace too. */
  @Override
  public boolean recognizes(Path path) throws IOException {
    Sample sample = Sample.of(path);
    byte[] head = sample.bytes();
    for (int i = 0; i < Math.min(head.length, Integer.BYTES); i++) {
      if (head[i] == 0) {
        return false;
      }
    }
    int from = sample.startsWith((byte) 0xef, (byte) 0xbb, (byte) 0xbf) ? 3 : 0;
    for (int i = from; i < head.length; i++) {
      if (!Character.isWhitespace(head[i])) {
        return head[i] == '{';
      }
    }
    return false;
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Ids.refuse(source, "JSON lines hold their ids");
    return new JsonLinesReader(
        source.path(), source.idField(), source.vectorField(), source.dimension());
  }
}

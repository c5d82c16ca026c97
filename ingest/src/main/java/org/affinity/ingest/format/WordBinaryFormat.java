/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/** word2vec's binary form, as word2vec, gensim and others write it. */
public final class WordBinaryFormat implements EmbeddingFormat {
  @Override
  public String label() {
    return "word2vec-binary";
  }

  /** The header of word2vec, and not the text form after it. */
  @Override
  public boolean recognizes(Path path) throws IOException {
    byte[] head = Sample.of(path).bytes();
    int end = 0;
    while (end < Math.min(head.length, 80) && head[end] != '\n') {
      end++;
    }
    return end < head.length
        && head[end] == '\n'
        && WordHeader.parse(head, end).isPresent()
        && !new WordTextFormat().recognizes(path);
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Ids.refuse(source, "word2vec's words are the ids");
    SourceFile file = SourceFile.open(source.path());
    try {
      return new WordBinaryReader(file, source.dimension());
    } catch (IOException e) {
      file.close();
      throw new LoadException(source.path() + ": " + e.getMessage(), e);
    }
  }
}

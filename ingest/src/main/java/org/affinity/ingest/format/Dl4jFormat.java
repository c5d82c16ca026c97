/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/**
 * A word2vec model of Deeplearning4j: a zip archive whose {@code syn0.txt} has the vectors as text,
 * with the words in base64.
 */
public final class Dl4jFormat implements EmbeddingFormat {
  private static final int LOOK_AT = 4;

  @Override
  public String label() {
    return "dl4j";
  }

  /** {@code syn0.txt} is the first entry that DL4J writes. */
  @Override
  public boolean recognizes(Path path) throws IOException {
    if (!ZipEntries.opens(path)) {
      return false;
    }
    try (ZipEntries entries = ZipEntries.open(path)) {
      return seek(entries, LOOK_AT);
    } catch (IOException e) {
      throw new LoadException(path + ": " + why(e), e);
    }
  }

  private static boolean seek(ZipEntries entries, int most) throws IOException {
    for (int i = 0; i < most; i++) {
      Optional<String> name = entries.next();
      if (name.isEmpty()) {
        return false;
      }
      if (name.get().equals("syn0.txt")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Ids.refuse(source, "DL4J's words are the ids");
    ZipEntries entries = ZipEntries.open(source.path());
    try {
      if (!seek(entries, Integer.MAX_VALUE)) {
        throw new IOException("this is no model of DL4J: it has no entry syn0.txt");
      }
      return new WordTextReader(
          entries.source(),
          entries.content(),
          WordTextReader.Words.BASE64,
          Optional.empty(),
          source.dimension());
    } catch (IOException e) {
      entries.close();
      throw new LoadException(source.path() + ": " + why(e), e);
    }
  }

  private static String why(IOException e) {
    return e instanceof EOFException ? "the archive is cut short" : e.getMessage();
  }
}

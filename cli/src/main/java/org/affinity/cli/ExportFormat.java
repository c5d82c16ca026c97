/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.affinity.ingest.EmbeddingWriter;
import org.affinity.ingest.export.JsonLinesWriter;
import org.affinity.ingest.export.NpyWriter;
import org.affinity.ingest.export.Word2vecTextWriter;
import org.affinity.parquet.ParquetEmbeddingWriter;

/**
 * A form in which embeddings can be written.
 *
 * @param suffixes what to add to the output's name for each file that is written, the first empty
 * @param bytesPerNumber what a number takes at least
 * @param writer makes a writer
 */
record ExportFormat(List<String> suffixes, int bytesPerNumber, Factory writer) {
  /** Makes a writer into some files, one for each suffix. */
  @FunctionalInterface
  interface Factory {
    EmbeddingWriter open(List<Path> files, String field, int dimension) throws IOException;
  }

  /** All of them, by their names on the command line. */
  static Map<String, ExportFormat> byLabel() {
    Map<String, ExportFormat> formats = new LinkedHashMap<>();
    formats.put(
        "jsonl",
        new ExportFormat(
            List.of(""), 2, (files, field, dimension) -> new JsonLinesWriter(files.get(0), field)));
    formats.put(
        "npy",
        new ExportFormat(
            List.of("", ".ids.txt"),
            Float.BYTES,
            (files, field, dimension) -> new NpyWriter(files.get(0), files.get(1), dimension)));
    formats.put(
        "word2vec",
        new ExportFormat(
            List.of(""),
            2,
            (files, field, dimension) -> new Word2vecTextWriter(files.get(0), dimension)));
    formats.put(
        "parquet",
        new ExportFormat(
            List.of(""),
            0, // equal numbers pack into next to nothing
            (files, field, dimension) -> new ParquetEmbeddingWriter(files.get(0))));
    return formats;
  }

  /** The format of a name. */
  static ExportFormat of(String label) {
    Map<String, ExportFormat> formats = byLabel();
    ExportFormat format = formats.get(label);
    if (format == null) {
      throw new IllegalArgumentException(
          "--format is one of " + String.join(", ", formats.keySet()) + ", not " + label);
    }
    return format;
  }
}

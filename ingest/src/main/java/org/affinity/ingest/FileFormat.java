/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** The forms in which embeddings can be read. */
public enum FileFormat {
  /** {@link JsonLinesReader}. */
  JSON_LINES("jsonl"),
  /** {@link FvecsReader}. */
  FVECS("fvecs");

  private static final int LOOK_AT = 4096;

  private final String label;

  FileFormat(String label) {
    this.label = label;
  }

  /** The short name, as used on the command line. */
  public String label() {
    return label;
  }

  /**
   * Tells a file's format by its content, never by its name.
   *
   * @param file a file, gzipped or not
   * @return its format
   * @throws IOException if it cannot be read or looks like none of them
   */
  public static FileFormat detect(Path file) throws IOException {
    byte[] head;
    try (SourceFile source = SourceFile.open(file)) {
      head = source.content().readNBytes(LOOK_AT);
    }
    if (head.length == 0) {
      throw new IOException(file + " is empty");
    }
    if (startsObject(head)) {
      return JSON_LINES;
    }
    if (head.length >= 2 * Integer.BYTES) {
      int dimension = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
      if (dimension >= 1 && dimension <= FvecsReader.LARGEST_DIMENSION) {
        return FVECS;
      }
    }
    throw new IOException(file + " is neither JSON lines nor fvecs");
  }

  /** A brace first, and no zero byte near it: dimension 123 starts with a brace too. */
  private static boolean startsObject(byte[] head) {
    for (int i = 0; i < Math.min(head.length, Integer.BYTES); i++) {
      if (head[i] == 0) {
        return false;
      }
    }
    int from = head.length >= 3 && head[0] == (byte) 0xef && head[1] == (byte) 0xbb ? 3 : 0;
    for (int i = from; i < head.length; i++) {
      if (!Character.isWhitespace(head[i])) {
        return head[i] == '{';
      }
    }
    return false;
  }
}

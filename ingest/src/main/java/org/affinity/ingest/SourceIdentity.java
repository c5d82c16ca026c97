/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which file it was, well enough to notice that a load is resumed with another one.
 *
 * @param name the file's name, without folders
 * @param bytes its size on disk
 * @param head SHA-256 of its first 64 KiB
 */
public record SourceIdentity(String name, long bytes, String head) {
  private static final int HEAD = 1 << 16;

  /** The identity of a file as it is now. */
  public static SourceIdentity of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String head = HexFormat.of().formatHex(digest.digest(in.readNBytes(HEAD)));
      return new SourceIdentity(String.valueOf(file.getFileName()), Files.size(file), head);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

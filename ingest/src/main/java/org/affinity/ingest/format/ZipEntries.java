/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * The entries of a zip archive, in their order, streamed: nothing is unpacked to disk, no directory
 * is held in memory, and what unpacks to far too much ends the reading.
 */
final class ZipEntries implements Closeable {
  private static final byte[] MAGIC = {'P', 'K', 3, 4};
  private static final int MOST = 10_000;

  private final SourceFile source;
  private final ZipInputStream zip;
  private final InputStream content;
  private int seen;

  private ZipEntries(SourceFile source) {
    this.source = source;
    this.zip = new ZipInputStream(source.content());
    this.content = new ExpansionLimit(zip, source::position);
  }

  static boolean opens(Path path) throws IOException {
    return Sample.of(path).startsWith(MAGIC);
  }

  static ZipEntries open(Path path) throws IOException {
    return new ZipEntries(SourceFile.open(path));
  }

  /** Moves to the next entry and gives its name, or nothing at the end. */
  Optional<String> next() throws IOException {
    try {
      if (seen > 0) {
        content.transferTo(java.io.OutputStream.nullOutputStream());
      }
      ZipEntry entry = zip.getNextEntry();
      if (entry == null) {
        return Optional.empty();
      }
      seen++;
      if (seen > MOST) {
        throw new IOException("it has more than %,d entries".formatted(MOST));
      }
      return Optional.of(safe(entry.getName()));
    } catch (ZipException e) {
      throw e.getMessage() != null && e.getMessage().contains("EXT descriptor")
          ? new IOException(
              "an entry is stored with its size behind it, as when an archive is written to a pipe,"
                  + " and cannot be streamed; save it to a file, or compressed",
              e)
          : e;
    } catch (IllegalArgumentException e) {
      throw new IOException("an entry has a name that cannot be read", e);
    }
  }

  /** Names of exporters are plain; others are the mark of an archive made to do harm. */
  private static String safe(String name) throws IOException {
    boolean leads = name.startsWith("/") || name.startsWith("\\") || name.matches("[A-Za-z]:.*");
    if (leads || java.util.List.of(name.split("[/\\\\]")).contains("..")) {
      throw new IOException(
          "its entry '" + name + "' leads out of the archive; no exporter does so");
    }
    return name;
  }

  SourceFile source() {
    return source;
  }

  /** The unpacked bytes of the entry. */
  InputStream content() {
    return content;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}

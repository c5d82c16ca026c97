/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON lines of {@code row}, {@code id} and {@code reason}; the file is made when the first row is
 * rejected.
 */
final class RejectsFile implements Closeable {
  private final JsonMapper mapper = new JsonMapper();
  private final Path path;
  private FileChannel channel;

  private RejectsFile(Path path) {
    this.path = path;
  }

  /** An empty one; an earlier one of the same name is dropped. */
  static RejectsFile start(Path path) throws IOException {
    Files.deleteIfExists(path);
    return new RejectsFile(path);
  }

  /**
   * An earlier one, cut to what was known to be in it.
   *
   * @throws LoadException if there is less than that
   */
  static RejectsFile resume(Path path, long bytes) throws IOException {
    long there = Files.exists(path) ? Files.size(path) : 0;
    if (there < bytes) {
      throw new LoadException(
          ("cannot resume: the rejects file %s %s, but held %,d bytes of rejected rows; put it back,"
                  + " say --rejects if it is elsewhere, or load without --resume")
              .formatted(
                  path,
                  Files.exists(path) ? "has %,d bytes".formatted(there) : "is missing",
                  bytes));
    }
    RejectsFile file = new RejectsFile(path);
    if (Files.exists(path)) {
      file.channel = FileChannel.open(path, StandardOpenOption.WRITE);
      file.channel.truncate(bytes);
      file.channel.position(bytes);
    }
    return file;
  }

  /** Its length. */
  long bytes() throws IOException {
    return channel == null ? 0 : channel.position();
  }

  /** Adds rows; they are on the disk when this returns. */
  void append(List<Row.Rejected> rows) throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    if (channel == null) {
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
    StringBuilder lines = new StringBuilder();
    for (Row.Rejected row : rows) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("row", row.number());
      line.put("id", row.id());
      line.put("reason", row.reason());
      lines.append(mapper.writeValueAsString(line)).append('\n');
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}

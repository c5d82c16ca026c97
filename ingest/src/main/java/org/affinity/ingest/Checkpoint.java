/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;

/**
 * How far a load has come, as kept in its state file.
 *
 * @param job what is loaded, and where to
 * @param rows the last row up to which all rows are stored or rejected
 * @param documents what became of those sent since the load began, over all its runs
 * @param rejected rows rejected since the load began
 * @param rejectsBytes the length of the rejects file at that point
 */
record Checkpoint(Job job, long rows, Tally documents, long rejected, long rejectsBytes) {

  /**
   * What must be the same for a load to be resumed.
   *
   * @param sources the files read: vectors first, then ids where they are apart
   * @param index the index
   * @param indexId its unique id, or empty where unknown
   * @param field the field
   * @param options the options that change what is stored, by name
   */
  record Job(
      List<SourceIdentity> sources,
      String index,
      String indexId,
      String field,
      SortedMap<String, String> options) {}

  static Checkpoint start(Job job) {
    return new Checkpoint(job, 0, Tally.NONE, 0, 0);
  }

  static Checkpoint read(Path file) throws IOException {
    try {
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build()
          .readValue(file.toFile(), Checkpoint.class);
    } catch (JsonProcessingException e) {
      throw new LoadException(file + " is no state file of a load: " + e.getOriginalMessage(), e);
    }
  }

  /** Where a state file's next content is written before it takes its place. */
  static Path next(Path file) {
    return file.resolveSibling(file.getFileName() + ".next");
  }

  /** Replaces the file in one step: a reader sees the old content or the new, never a half. */
  void write(Path file) throws IOException {
    Path next = next(file);
    byte[] json =
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsBytes(this);
    Files.write(next, json);
    try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

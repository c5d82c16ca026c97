/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where sets, truth and indices are kept: a folder that is named and stays, or one that goes at the
 * end. An index is found again by set, candidate and tag.
 */
public final class WorkFolder implements Closeable {

  private static final String BUILD = "build.json";

  private final Path folder;
  private final boolean temporary;
  private final String tag;

  /**
   * A work folder.
   *
   * @param named null for a temporary one
   * @param tag sets apart indices of different builds of the project
   */
  public WorkFolder(Path named, String tag) throws IOException {
    if (!tag.matches("[A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "a tag has letters, digits, dots, dashes and underlines only, got " + tag);
    }
    this.temporary = named == null;
    this.folder =
        temporary ? Files.createTempDirectory("affinity-bench-") : Files.createDirectories(named);
    this.tag = tag;
  }

  /** The folder of a set. */
  public Path of(String set) throws IOException {
    return Files.createDirectories(folder.resolve(set));
  }

  /** A built index: where, and what building took. */
  record Built(Path folder, Stopwatch.Work work) {}

  /** The index of a candidate, built if it is not there. */
  Built index(VectorSet set, Candidate candidate, List<FilteredRows> filters) throws IOException {
    Path place = indexFolder(set, candidate);
    Path recorded = place.resolve(BUILD);
    Path index = place.resolve("index");
    ObjectMapper json = new ObjectMapper();
    if (Files.exists(recorded)) {
      return new Built(index, json.readValue(recorded.toFile(), Stopwatch.Work.class));
    }
    delete(place);
    MergeRun.warmUp(set, candidate, this);
    Files.createDirectories(index);
    Stopwatch watch = new Stopwatch();
    candidate.build(set, filters, index);
    Stopwatch.Work work = watch.stop();
    VectorFile.write(recorded, out -> out.write(json.writeValueAsBytes(work)));
    return new Built(index, work);
  }

  /** Deletes the index of a candidate where it is not to be kept. */
  void done(VectorSet set, Candidate candidate) throws IOException {
    if (temporary) {
      delete(indexFolder(set, candidate));
    }
  }

  private Path indexFolder(VectorSet set, Candidate candidate) throws IOException {
    return of(set.name()).resolve(candidate.name() + (tag.isEmpty() ? "" : "@" + tag));
  }

  /** An empty folder that its user deletes. */
  Path scratch(VectorSet set) throws IOException {
    return Files.createTempDirectory(of(set.name()), "scratch-");
  }

  static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      delete(folder);
    }
  }
}

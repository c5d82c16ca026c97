/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The run that artifacts belong to, in the layout of MLflow's file store: {@code meta.yaml}, {@code
 * params/NAME} with a value, {@code metrics/NAME} with lines of time, value and step, beside {@code
 * artifacts/}.
 *
 * @param folder the run's folder
 */
record MlflowRun(Path folder) {
  private static final int HIGHEST = 8;
  private static final int MOST_ENTRIES = 1000;
  private static final int LARGEST_VALUE = 1 << 13;

  /** The run above a folder of artifacts, if its folder is there. */
  static Optional<MlflowRun> above(Path artifacts) throws IOException {
    Path at = artifacts.toRealPath();
    for (int i = 0; i < HIGHEST && at != null && at.getFileName() != null; i++) {
      Path parent = at.getParent();
      if (parent != null
          && at.getFileName().toString().equals("artifacts")
          && Files.isRegularFile(parent.resolve("meta.yaml"))) {
        return Optional.of(new MlflowRun(parent));
      }
      at = parent;
    }
    return Optional.empty();
  }

  /** Adds what the run says about itself; what is there already stays. */
  void addTo(Map<String, String> metadata) throws IOException {
    Map<?, ?> meta = Yaml.read(folder.resolve("meta.yaml"));
    for (String key : List.of("run_id", "run_name", "experiment_id", "model_id", "name")) {
      if (meta.get(key) != null) {
        metadata.putIfAbsent(key, meta.get(key).toString());
      }
    }
    for (Path file : entries("params")) {
      metadata.putIfAbsent("params." + file.getFileName(), head(file).strip());
    }
    for (Path file : entries("metrics")) {
      lastValue(file).ifPresent(v -> metadata.putIfAbsent("metrics." + file.getFileName(), v));
    }
  }

  private List<Path> entries(String name) throws IOException {
    Path in = folder.resolve(name);
    List<Path> files = new ArrayList<>();
    if (!Files.isDirectory(in, LinkOption.NOFOLLOW_LINKS)) {
      return files;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(in)) {
      for (Path file : found) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && files.size() < MOST_ENTRIES) {
          files.add(file);
        }
      }
    }
    Collections.sort(files);
    return files;
  }

  private static String head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LARGEST_VALUE), StandardCharsets.UTF_8);
    }
  }

  /** The second word of the last line; a history can be long, its end is what counts. */
  private static Optional<String> lastValue(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      channel.position(Math.max(0, channel.size() - LARGEST_VALUE));
      byte[] tail = java.nio.channels.Channels.newInputStream(channel).readNBytes(LARGEST_VALUE);
      List<String> lines = new String(tail, StandardCharsets.UTF_8).strip().lines().toList();
      String[] words = lines.isEmpty() ? new String[0] : lines.getLast().split(" ", -1);
      return words.length >= 2 ? Optional.of(words[1]) : Optional.empty();
    }
  }
}

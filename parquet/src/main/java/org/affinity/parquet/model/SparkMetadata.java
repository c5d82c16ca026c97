/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What Spark writes about a model in its folder {@code metadata}.
 *
 * @param file the file it stands in
 * @param json the JSON object
 */
record SparkMetadata(Path file, JsonNode json) {
  private static final String FOLDER = "metadata";
  private static final int LARGEST = 1 << 20;

  /** Reads it; nothing where a folder is no model of Spark. */
  static Optional<SparkMetadata> find(Path model) throws IOException {
    Path folder = model.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    List<Path> parts = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "part-*")) {
      entries.forEach(parts::add);
    }
    Collections.sort(parts);
    for (Path part : parts) {
      byte[] text;
      try (InputStream in = Files.newInputStream(part)) {
        text = in.readNBytes(LARGEST + 1);
      }
      if (text.length > 0 && text.length <= LARGEST) {
        try {
          JsonNode json = new JsonMapper().readTree(text);
          return json.isObject() ? Optional.of(new SparkMetadata(part, json)) : Optional.empty();
        } catch (IOException e) { // the text is in memory: no JSON, or a broken encoding
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Reads it where it must be. */
  static SparkMetadata read(Path model, String className) throws IOException {
    SparkMetadata found =
        find(model)
            .orElseThrow(
                () ->
                    new IOException(
                        model
                            + " is no model saved by Spark: metadata/part-… is not there or no JSON"));
    if (!found.isOf(className)) {
      throw new IOException(
          "%s says '%s', not %s"
              .formatted(found.file(), found.json().path("class").asText(), className));
    }
    return found;
  }

  boolean isOf(String className) {
    return json.path("class").asText().equals(className);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads small YAML files: plain data only, no tags of languages, few aliases, up to 1 MiB. */
final class Yaml {
  private static final int LARGEST = 1 << 20;
  private static final int MOST_ALIASES = 20;

  private Yaml() {}

  /**
   * Reads a file that holds one map.
   *
   * @throws IOException if it is no YAML, no map, or too large
   */
  static Map<?, ?> read(Path file) throws IOException {
    byte[] text;
    try (InputStream in = Files.newInputStream(file)) {
      text = in.readNBytes(LARGEST + 1);
    }
    if (text.length > LARGEST) {
      throw new IOException(file + " has more than " + LARGEST + " bytes");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setMaxAliasesForCollections(MOST_ALIASES)
            .setCodePointLimit(LARGEST)
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .build();
    try {
      Object found = new Load(settings).loadFromString(new String(text, StandardCharsets.UTF_8));
      if (found instanceof Map<?, ?> map) {
        return map;
      }
    } catch (YamlEngineException | StackOverflowError e) {
      String why = e.getMessage() == null ? "nested too deep" : e.getMessage().strip();
      throw new IOException(file + " is no YAML that is read here: " + why, e);
    }
    throw new IOException(file + " does not hold a map");
  }
}

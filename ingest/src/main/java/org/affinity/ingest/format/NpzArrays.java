/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.affinity.ingest.LoadException;

/**
 * The arrays of an archive by name, without the {@code .npy} that NumPy appends.
 *
 * @param path the archive
 * @param headers their heads; an array that cannot be read is left out
 */
record NpzArrays(Path path, Map<String, NpyHeader> headers) {
  private static final String SUFFIX = ".npy";

  /** Reads an archive to its end, and so finds out, before the first row, if it is whole. */
  static NpzArrays of(Path path) throws IOException {
    Map<String, NpyHeader> headers = new LinkedHashMap<>();
    try (ZipEntries entries = ZipEntries.open(path)) {
      for (Optional<String> name = entries.next(); name.isPresent(); name = entries.next()) {
        if (name.get().endsWith(SUFFIX)) {
          headers.put(strip(name.get()), NpyHeader.read(entries.content()));
        }
      }
    }
    return new NpzArrays(path, headers);
  }

  static String strip(String entry) {
    return entry.substring(0, entry.length() - SUFFIX.length());
  }

  /** The array of vectors: that of the name, or the only one there is. */
  String vectors(String name, boolean must) throws IOException {
    if (headers.containsKey(name)) {
      return name;
    }
    List<String> matrices = named(NpyHeader::isMatrix);
    if (must || matrices.size() != 1) {
      throw new LoadException(
          "%s has %s array of vectors%s; say --vector-field with one of: %s"
              .formatted(
                  path,
                  must || matrices.isEmpty() ? "no" : "more than one",
                  must ? " named '" + name + "'" : "",
                  inWords()));
    }
    return matrices.getFirst();
  }

  /** The array of ids: that of the name, one named "ids", or the only one of as many texts. */
  Optional<String> names(String name, boolean must, long rows) throws IOException {
    for (String each : List.of(name, "ids")) {
      if (headers.containsKey(each)) {
        return Optional.of(each);
      }
      if (must) {
        throw new LoadException(
            "%s has no array '%s' of ids; it has %s".formatted(path, name, inWords()));
      }
    }
    List<String> candidates = named(each -> each.isNames() && each.shape().getFirst() == rows);
    List<String> texts = named(each -> isText(each) && each.shape().getFirst() == rows);
    if (texts.size() == 1) {
      return Optional.of(texts.getFirst());
    }
    if (!candidates.isEmpty()) {
      throw new LoadException(
          "%s has several arrays that may be the ids; say --id-field with one of: %s"
              .formatted(path, String.join(", ", candidates)));
    }
    return Optional.empty();
  }

  private static boolean isText(NpyHeader header) {
    return header.isNames() && header.type().matches(".*[US]\\d+");
  }

  private List<String> named(java.util.function.Predicate<NpyHeader> wanted) {
    return headers.entrySet().stream()
        .filter(each -> wanted.test(each.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private String inWords() {
    return headers.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue().inWords())
        .collect(Collectors.joining(", "));
  }
}

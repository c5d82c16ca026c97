/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The forms that can be read, in the order in which they are tried. Immutable. */
public final class EmbeddingFormats {
  private final List<EmbeddingFormat> formats;

  private EmbeddingFormats(List<EmbeddingFormat> formats) {
    this.formats = List.copyOf(formats);
  }

  /** The forms that the class path offers as services, this artifact's own first. */
  public static EmbeddingFormats standard() {
    List<EmbeddingFormat> found = new ArrayList<>();
    ServiceLoader.load(EmbeddingFormat.class, EmbeddingFormat.class.getClassLoader())
        .forEach(found::add);
    return new EmbeddingFormats(List.of()).with(found.toArray(EmbeddingFormat[]::new));
  }

  /** These forms and more; one whose label is there already takes its place. */
  public EmbeddingFormats with(EmbeddingFormat... more) {
    List<EmbeddingFormat> all = new ArrayList<>(formats);
    for (EmbeddingFormat each : more) {
      int there = labels(all).indexOf(each.label());
      if (there >= 0) {
        all.set(there, each);
      } else {
        all.add(each);
      }
    }
    return new EmbeddingFormats(all);
  }

  /** Some forms, asked before these. */
  public EmbeddingFormats after(List<EmbeddingFormat> first) {
    return new EmbeddingFormats(first).with(formats.toArray(EmbeddingFormat[]::new));
  }

  /** All of them, in order, those too that are only refused. */
  public List<EmbeddingFormat> all() {
    return formats;
  }

  /** The names to ask for, in order. */
  public List<String> labels() {
    return labels(formats.stream().filter(each -> !(each instanceof RefusedFormat)).toList());
  }

  private static List<String> labels(List<EmbeddingFormat> formats) {
    return formats.stream().map(EmbeddingFormat::label).collect(Collectors.toList());
  }

  /**
   * The form with a name.
   *
   * @throws IllegalArgumentException if there is none, with those there are
   */
  public EmbeddingFormat find(String label) {
    for (EmbeddingFormat each : formats) {
      if (each.label().equals(label) && !(each instanceof RefusedFormat)) {
        return each;
      }
    }
    throw new IllegalArgumentException("the format is " + inWords(" or ") + ", not " + label);
  }

  /**
   * The form of a file or folder, told by its content.
   *
   * @throws IOException if it cannot be read or has none of the forms, with those looked for
   */
  public EmbeddingFormat detect(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (Files.isRegularFile(path) && Files.size(path) == 0) {
      throw new LoadException(path + " is empty");
    }
    for (EmbeddingFormat each : formats) {
      if (each.recognizes(path)) {
        return each;
      }
    }
    throw new LoadException(
        "%s looks like none of %s; if it is one of them, say --format"
            .formatted(path, inWords(" and ")));
  }

  private String inWords(String last) {
    List<String> labels = labels();
    int end = labels.size() - 1;
    return end < 1
        ? String.join("", labels)
        : String.join(", ", labels.subList(0, end)) + last + labels.get(end);
  }
}

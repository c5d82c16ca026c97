/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet.model;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.RefusedFormat;

/**
 * A folder of artifacts logged to MLflow, with its {@code MLmodel} file. The one thing in it that
 * another format recognizes is read; where there are several the error lists them, and one of them
 * can be given as the path; one that is only refused counts where there is nothing else, and says
 * how to export from it. What the model and its run say about themselves is {@link #metadata}.
 *
 * <p>Nothing outside the folder is read but the run's own {@code meta.yaml}, {@code params} and
 * {@code metrics}: paths that lead out, in {@code MLmodel} or as links, are refused.
 */
public final class MlflowFormat implements EmbeddingFormat {
  private static final String MODEL_FILE = "MLmodel";
  private static final int DEEPEST = 8;
  private static final int MOST_ENTRIES = 10_000;

  /** Files that MLflow puts beside a model. */
  private static final Set<String> ABOUT =
      Set.of(
          MODEL_FILE,
          "conda.yaml",
          "python_env.yaml",
          "requirements.txt",
          "input_example.json",
          "serving_input_example.json",
          "registered_model_meta",
          "environment_variables.txt");

  private final List<EmbeddingFormat> inner;

  /** Looks inside folders with some formats, asked in their order. */
  public MlflowFormat(List<EmbeddingFormat> inner) {
    this.inner = List.copyOf(inner);
  }

  private record Found(Path path, EmbeddingFormat format) {}

  @Override
  public String label() {
    return "mlflow";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    return Files.isDirectory(path) && Files.isRegularFile(path.resolve(MODEL_FILE));
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Found found = find(source.path());
    return found.format().open(at(found.path(), source));
  }

  @Override
  public List<Path> files(EmbeddingSource source) throws IOException {
    Found found = find(source.path());
    return found.format().files(at(found.path(), source));
  }

  /** The format of the one thing in a folder that is read. */
  public EmbeddingFormat inside(Path path) throws IOException {
    return find(path).format();
  }

  private static EmbeddingSource at(Path path, EmbeddingSource source) {
    return new EmbeddingSource(
        path, source.ids(), source.idField(), source.vectorField(), source.dimension());
  }

  /**
   * What a model and its run say: {@code run_id}, {@code model_uuid}, {@code flavors}, {@code
   * params.NAME}, {@code metrics.NAME} (the last value) and the like, in that order.
   *
   * @param path the folder with {@code MLmodel}
   * @throws IOException if its YAML cannot be read
   */
  public Map<String, String> metadata(Path path) throws IOException {
    Map<?, ?> model = model(path);
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String key :
        List.of(
            "run_id",
            "model_uuid",
            "model_id",
            "artifact_path",
            "mlflow_version",
            "utc_time_created")) {
      if (model.get(key) != null) {
        metadata.put(key, model.get(key).toString());
      }
    }
    if (model.get("flavors") instanceof Map<?, ?> flavors) {
      metadata.put(
          "flavors",
          flavors.keySet().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }
    var run = MlflowRun.above(path);
    if (run.isPresent()) {
      run.get().addTo(metadata);
    }
    return Collections.unmodifiableMap(metadata);
  }

  private static Map<?, ?> model(Path folder) throws IOException {
    Path file = folder.resolve(MODEL_FILE);
    requireInside(folder.toRealPath(), file);
    Map<?, ?> model = Yaml.read(file);
    requireInside(file, "artifact_path", model.get("artifact_path"));
    if (model.get("flavors") instanceof Map<?, ?> flavors) {
      for (Object flavor : flavors.values()) {
        if (flavor instanceof Map<?, ?> options) {
          for (String key : List.of("data", "model_data", "model_path", "path")) {
            requireInside(file, key, options.get(key));
          }
        }
      }
    }
    return model;
  }

  private static void requireInside(Path file, String key, Object value) throws IOException {
    if (!(value instanceof String text)) {
      return;
    }
    boolean inside;
    try {
      Path path = Path.of(text);
      inside = !path.isAbsolute() && !text.startsWith("file:") && !climbs(path);
    } catch (InvalidPathException e) {
      inside = false;
    }
    if (!inside) {
      throw new IOException("%s: %s '%s' leads out of the folder".formatted(file, key, text));
    }
  }

  private static boolean climbs(Path path) {
    for (Path name : path) {
      if (name.toString().equals("..")) {
        return true;
      }
    }
    return false;
  }

  private static void requireInside(Path root, Path entry) throws IOException {
    if (Files.isSymbolicLink(entry) && !entry.toRealPath().startsWith(root)) {
      throw new IOException(entry + " is a link that leads out of the folder");
    }
  }

  private Found find(Path folder) throws IOException {
    if (!recognizes(folder)) {
      throw new IOException(folder + " has no file MLmodel");
    }
    model(folder);
    Search search = new Search(folder.toRealPath());
    search.checkLinks(folder, 0);
    search.look(folder, 0);
    if (search.found.isEmpty() && !search.refused.isEmpty()) {
      return search.refused.getFirst();
    }
    if (search.found.size() == 1) {
      return search.found.getFirst();
    }
    throw new IOException(
        search.found.isEmpty()
            ? folder + " holds no embeddings that are recognized"
            : folder
                + " holds more than one set of embeddings, give the path of one: "
                + search.found.stream()
                    .limit(20)
                    .map(
                        each -> folder.relativize(each.path()) + " (" + each.format().label() + ")")
                    .collect(Collectors.joining(", ")));
  }

  /** One walk through a folder, within limits; links are checked before anything is opened. */
  private final class Search {
    private final Path root;
    private final List<Found> found = new ArrayList<>();
    private final List<Found> refused = new ArrayList<>();
    private int seen;

    Search(Path root) {
      this.root = root;
    }

    void look(Path folder, int depth) throws IOException {
      for (Path entry : entries(folder)) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && !name.startsWith("_") && !ABOUT.contains(name)) {
          take(entry, depth);
        }
      }
    }

    private void take(Path entry, int depth) throws IOException {
      for (EmbeddingFormat format : inner) {
        if (format.recognizes(entry)) {
          (format instanceof RefusedFormat ? refused : found).add(new Found(entry, format));
          return;
        }
      }
      // Links within the folder are read where they lead to, not followed twice.
      if (depth < DEEPEST && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        look(entry, depth + 1);
      }
    }

    void checkLinks(Path folder, int depth) throws IOException {
      for (Path entry : entries(folder)) {
        requireInside(root, entry);
        if (++seen > MOST_ENTRIES) {
          throw new IOException("%s holds more than %,d files".formatted(root, MOST_ENTRIES));
        }
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          if (depth == 2 * DEEPEST) {
            throw new IOException(entry + " lies too deep in folders");
          }
          checkLinks(entry, depth + 1);
        }
      }
    }

    private List<Path> entries(Path folder) throws IOException {
      List<Path> entries = new ArrayList<>();
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path entry : all) {
          entries.add(entry);
          if (entries.size() > MOST_ENTRIES) {
            break; // checkLinks says so
          }
        }
      }
      Collections.sort(entries);
      return entries;
    }
  }
}

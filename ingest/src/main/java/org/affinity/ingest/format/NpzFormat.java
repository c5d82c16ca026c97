/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.affinity.ingest.EmbeddingFormat;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;

/**
 * A NumPy archive, stored or deflated: an array of vectors, and one of ids unless these are listed
 * elsewhere. Both are streamed beside each other; the archive is read once before, to find them.
 */
public final class NpzFormat implements EmbeddingFormat {
  private final NamesGiven given;

  /** Takes the arrays that are named, or else those that can only be meant. */
  public NpzFormat() {
    this(NamesGiven.NONE);
  }

  /** Takes the arrays that were chosen. */
  public NpzFormat(NamesGiven given) {
    this.given = given;
  }

  @Override
  public String label() {
    return "npz";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    if (!ZipEntries.opens(path)) {
      return false;
    }
    try (ZipEntries entries = ZipEntries.open(path)) {
      Optional<String> first = entries.next();
      return first.isPresent() && first.get().endsWith(".npy");
    } catch (IOException e) {
      throw named(path, e);
    }
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Path path = source.path();
    try {
      NpzArrays arrays = NpzArrays.of(path);
      String vectors = arrays.vectors(source.vectorField(), given.vectorField());
      Matrix matrix = matrix(arrays, vectors);
      RowNames names = names(source, arrays, matrix);
      try {
        return new PairedReader(rows(path, vectors, matrix), names, source.dimension());
      } catch (IOException e) {
        names.close();
        throw e;
      }
    } catch (IOException e) {
      throw named(path, e);
    }
  }

  private static Matrix matrix(NpzArrays arrays, String name) throws IOException {
    try {
      return arrays.headers().get(name).matrix();
    } catch (IOException e) {
      throw new IOException("array '" + name + "': " + e.getMessage(), e);
    }
  }

  private RowNames names(EmbeddingSource source, NpzArrays arrays, Matrix matrix)
      throws IOException {
    if (source.ids().isPresent()) {
      return RowNames.open(source, matrix::rows);
    }
    Optional<String> name = arrays.names(source.idField(), given.idField(), matrix.rows());
    if (name.isEmpty()) {
      return new NumberedNames();
    }
    ZipEntries entries = at(source.path(), name.get());
    try {
      NpyHeader header = NpyHeader.read(entries.content());
      NpyNames names = new NpyNames(entries.source(), entries.content(), header);
      if (names.count() != matrix.rows()) {
        throw new LoadException(
            "%s has %,d vectors but its array '%s' has %,d ids; nothing was loaded"
                .formatted(source.path(), matrix.rows(), name.get(), names.count()));
      }
      return names;
    } catch (IOException e) {
      entries.close();
      throw e;
    }
  }

  private static VectorRows rows(Path path, String name, Matrix matrix) throws IOException {
    ZipEntries entries = at(path, name);
    try {
      NpyHeader.read(entries.content());
      return matrix.columnMajor()
          ? new HeldColumns(entries.source(), entries.content(), matrix)
          : new RowMajorRows(entries.source(), entries.content(), matrix);
    } catch (IOException e) {
      entries.close();
      throw e;
    }
  }

  private static ZipEntries at(Path path, String array) throws IOException {
    ZipEntries entries = ZipEntries.open(path);
    try {
      for (Optional<String> name = entries.next(); name.isPresent(); name = entries.next()) {
        if (name.get().equals(array + ".npy")) {
          return entries;
        }
      }
      throw new IOException("its array '" + array + "' is gone");
    } catch (IOException e) {
      entries.close();
      throw e;
    }
  }

  private static IOException named(Path path, IOException e) {
    if (e instanceof LoadException) {
      return e;
    }
    String why = e instanceof java.io.EOFException ? "the archive is cut short" : e.getMessage();
    return why != null && why.startsWith(path.toString())
        ? e
        : new LoadException(path + ": " + why, e);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.affinity.ingest.EmbeddingFormats;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.Row;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Files that NumPy, gensim and fastText themselves write; passed over where they are not installed
 * (on Debian: {@code apt-get install python3-numpy python3-gensim fasttext}). The interpreter is
 * {@code python3}, or what the system property {@code tests.python} says.
 */
public class ProducersTests {
  private static final int ROWS = 50;
  private static final int DIMENSION = 7;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static String python() {
    return System.getProperty("tests.python", "python3");
  }

  private Path root() {
    return folder.getRoot().toPath();
  }

  private boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.getRoot())
              .redirectErrorStream(true)
              .redirectOutput(root().resolve("said").toFile())
              .start();
      return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  private void python(String program) throws Exception {
    Path file = Files.writeString(root().resolve("write.py"), program);
    assertTrue("see what it said: " + Files.readString(file), runs(python(), file.toString()));
  }

  /** The vectors that a program wrote as raw float32 beside what is tested. */
  private void assertSame(String name, List<Row> rows, List<String> ids) throws IOException {
    assertEquals(name, ROWS, rows.size());
    byte[] raw = Files.readAllBytes(root().resolve("raw"));
    float[] expected = org.affinity.ingest.VectorBytes.decode(raw);
    for (int i = 0; i < ROWS; i++) {
      assertEquals(name + rows.get(i), Row.Accepted.class, rows.get(i).getClass());
      var row = ((Row.Accepted) rows.get(i)).embedding();
      assertEquals(name, ids.get(i), row.id());
      assertEquals(name, DIMENSION, row.vector().length);
      for (int j = 0; j < DIMENSION; j++) {
        assertEquals(name, expected[i * DIMENSION + j], row.vector()[j], 0);
      }
    }
  }

  @Test
  public void testNumPyFiles() throws Exception {
    assumeTrue("no numpy", runs(python(), "-c", "import numpy"));
    python(
        """
        import numpy as np
        v = np.random.default_rng(5).standard_normal((%d, %d)).astype('<f2').astype('<f4')
        v.tofile('raw')
        ids = np.array(['n%%dß' %% i for i in range(len(v))])
        for t in ('<f2', '>f2', '<f4', '>f4', '<f8', '>f8'):
            np.save('c' + t[1:] + t[0].replace('<', 'l').replace('>', 'b') + '.npy', v.astype(t))
            np.save('f' + t[1:] + t[0].replace('<', 'l').replace('>', 'b') + '.npy',
                    np.asfortranarray(v.astype(t)))
        for version in ((1, 0), (2, 0), (3, 0)):
            with open('v%%d.npy' %% version[0], 'wb') as f:
                np.lib.format.write_array(f, v, version=version)
        np.save('ids', ids)
        np.save('idbytes', np.char.encode(ids, 'utf-8'))
        open('ids.txt', 'w', encoding='utf-8').write('\\n'.join(ids))
        np.savez('stored.npz', vectors=v, ids=ids)
        np.savez_compressed('deflated.npz', ids=ids, vectors=np.asfortranarray(v))
        np.savetxt('table.txt', v, fmt='%%.9g')
        np.savetxt('table.csv', v, delimiter=',', fmt='%%.9g')
        np.save('objects', np.array([None, 1], dtype=object), allow_pickle=True)
        """
            .formatted(ROWS, DIMENSION));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      ids.add("n" + i + "ß");
    }
    int read = 0;
    try (var files = Files.list(root())) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.matches("[cfv].*\\.npy") || name.startsWith("table")) {
          for (String list : List.of("ids.txt", "ids.npy", "idbytes.npy")) {
            Optional<Path> idFile = Optional.of(root().resolve(list));
            assertSame(
                name, FormatFiles.read(new EmbeddingSource(file, idFile, "id", "vector", 0)), ids);
          }
          read++;
        } else if (name.endsWith(".npz")) {
          assertSame(name, FormatFiles.read(file), ids);
          read++;
        }
      }
    }
    assertEquals(12 + 3 + 2 + 2, read);
    IOException e =
        assertThrows(IOException.class, () -> FormatFiles.read(root().resolve("objects.npy")));
    assertTrue(e.getMessage(), e.getMessage().contains("objects or structures"));
  }

  @Test
  public void testGensimFiles() throws Exception {
    assumeTrue("no gensim", runs(python(), "-c", "import gensim"));
    python(
        """
        import numpy as np
        from gensim.models import KeyedVectors
        v = np.random.default_rng(6).standard_normal((%d, %d)).astype('<f4')
        v.tofile('raw')
        kv = KeyedVectors(vector_size=v.shape[1])
        kv.add_vectors(['w%%dß' %% i for i in range(len(v))], v)
        kv.save_word2vec_format('text.txt')
        kv.save_word2vec_format('binary.bin', binary=True)
        kv.save_word2vec_format('glove.txt', write_header=False)
        kv.save('kv.kv')
        """
            .formatted(ROWS, DIMENSION));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      ids.add("w" + i + "ß");
    }
    for (String name : List.of("text.txt", "binary.bin", "glove.txt")) {
      assertSame(name, FormatFiles.read(root().resolve(name)), ids);
    }
    IOException e =
        assertThrows(IOException.class, () -> FormatFiles.read(root().resolve("kv.kv")));
    assertTrue(e.getMessage(), e.getMessage().contains("save_word2vec_format('vectors.bin'"));
  }

  @Test
  public void testFastTextFiles() throws Exception {
    StringBuilder corpus = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      corpus.append("w").append(i * 7919 % 97).append(i % 9 == 8 ? '\n' : ' ');
    }
    Path text = Files.writeString(root().resolve("corpus.txt"), corpus);
    assumeTrue(
        "no fasttext",
        runs(
            "fasttext",
            "skipgram",
            "-input",
            text.toString(),
            "-output",
            "model",
            "-dim",
            "12",
            "-minCount",
            "1",
            "-epoch",
            "1",
            "-thread",
            "1",
            "-bucket",
            "1000"));
    Path vec = root().resolve("model.vec");
    assertEquals("word2vec", EmbeddingFormats.standard().detect(vec).label());
    List<Row> rows = FormatFiles.read(vec);
    List<String> lines = Files.readAllLines(vec);
    assertEquals(lines.size() - 1, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      String[] parts = lines.get(i + 1).strip().split(" ");
      var row = ((Row.Accepted) rows.get(i)).embedding();
      assertEquals(parts[0], row.id());
      for (int j = 0; j < 12; j++) {
        assertEquals(Float.parseFloat(parts[j + 1]), row.vector()[j], 0);
      }
    }
    IOException e =
        assertThrows(IOException.class, () -> FormatFiles.read(root().resolve("model.bin")));
    assertTrue(e.getMessage(), e.getMessage().contains("is fastText's own model"));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.affinity.ingest.EmbeddingReader;
import org.affinity.ingest.EmbeddingSource;
import org.affinity.ingest.LoadException;
import org.affinity.ingest.RefusedFormat;

/** Files of trainers that are no exchange formats: told by their first bytes, refused in words. */
public final class ForeignFormat implements RefusedFormat {
  private enum Kind {
    TORCH(
        "is saved by PyTorch, as pickled Python objects; export the weights with "
            + "numpy.save('vectors.npy', weights.detach().cpu().numpy())"),
    PICKLE(
        "is pickled Python (gensim's own files are), which can run any program; export it there: "
            + "KeyedVectors.load(f).save_word2vec_format('vectors.bin', binary=True) "
            + "for gensim, numpy.save('vectors.npy', a) for an array"),
    HDF5(
        "is HDF5; export a data set with "
            + "numpy.save('vectors.npy', h5py.File(f)['NAME'][:]), or Keras weights with "
            + "numpy.save('vectors.npy', layer.get_weights()[0])"),
    FASTTEXT(
        "is fastText's own model; its vectors are in the .vec file beside it, or export them with "
            + "gensim: load_facebook_vectors(f).save_word2vec_format('vectors.bin', binary=True)"),
    ARROW(
        "is Arrow (Feather); export it with pandas.read_feather(f).to_parquet('vectors.parquet')");

    private final String advice;

    Kind(String advice) {
      this.advice = advice;
    }
  }

  @Override
  public String label() {
    return "foreign";
  }

  @Override
  public boolean recognizes(Path path) throws IOException {
    return kind(path).isPresent();
  }

  @Override
  public EmbeddingReader open(EmbeddingSource source) throws IOException {
    Kind kind =
        kind(source.path())
            .orElseThrow(() -> new LoadException(source.path() + " has no known form"));
    throw new LoadException(source.path() + " " + kind.advice);
  }

  private static Optional<Kind> kind(Path path) throws IOException {
    Sample sample = Sample.of(path);
    if (isTorch(path, sample)) {
      return Optional.of(Kind.TORCH);
    }
    if (sample.startsWith((byte) 0x89, (byte) 'H', (byte) 'D', (byte) 'F')) {
      return Optional.of(Kind.HDF5);
    }
    if (sample.startsWith((byte) 0xba, (byte) 0x16, (byte) 0x4f, (byte) 0x2f)) {
      return Optional.of(Kind.FASTTEXT);
    }
    if (sample.startsWith("ARROW1".getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
      return Optional.of(Kind.ARROW);
    }
    byte[] head = sample.bytes();
    boolean pickled = head.length > 2 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5;
    return pickled ? Optional.of(Kind.PICKLE) : Optional.empty();
  }

  /** Today's zip of a pickle and its tensors, or the pickled magic number of before. */
  private static boolean isTorch(Path path, Sample sample) throws IOException {
    byte[] old = {(byte) 0x80, 2, (byte) 0x8a, 0x0a, 'l', (byte) 0xfc};
    if (sample.startsWith(old)) {
      return true;
    }
    if (!ZipEntries.opens(path)) {
      return false;
    }
    try (ZipEntries entries = ZipEntries.open(path)) {
      return entries.next().filter(name -> name.endsWith("data.pkl")).isPresent();
    } catch (IOException e) {
      throw new LoadException(path + ": " + e.getMessage(), e);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.affinity.quantization.Metric;
import org.affinity.quantization.PqParameters;
import org.affinity.quantization.ProductQuantizer;
import org.affinity.quantization.ProductQuantizerTrainer;
import org.affinity.quantization.ReconstructionError;
import org.affinity.quantization.TrainingMonitor;
import org.affinity.quantization.UntrainableException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.util.InfoStream;

/**
 * Where a segment's quantizer comes from: one that still fits its vectors, so that segments share
 * codebooks and a merge copies codes, or a new one. Remembers the last one of each field. One per
 * writing format, so one per shard and way to encode. Safe for use by any number of threads.
 */
public final class QuantizerSource {

  private static final String COMPONENT = "PQ";

  /** The same vectors in the same order give the same codebook. */
  private static final long SEED = 0x5EEDL;

  /** A codebook whose error on new vectors is larger than this many times its own is not reused. */
  static final double LARGEST_DRIFT = 1.15;

  /** Vectors on which a codebook must prove that it fits. */
  private static final int PROVED_ON = 2000;

  /**
   * A segment this many times larger than a codebook's sample deserves one of its own: the codebook
   * was trained on fewer vectors than the sample could have been.
   */
  private static final int OUTGROWN = 4;

  private final PqEncoding encoding;
  private final Map<String, ProductQuantizer> current = new ConcurrentHashMap<>();

  public QuantizerSource(PqEncoding encoding) {
    this.encoding = encoding;
  }

  /** Whether a segment of so many vectors gets codes. */
  public boolean encodes(long vectors) {
    return encoding.encodes(vectors);
  }

  /** The quantizer for a flush; null, with a line in the log, if nothing can be learned. */
  public ProductQuantizer forFlush(FieldInfo info, List<float[]> sample, InfoStream log) {
    return find(info, sample, List.of(), TrainingMonitor.NONE, log);
  }

  /**
   * The quantizer for a merge; null, with a line in the log, if nothing can be learned.
   *
   * @param sources the quantizers of the merged segments, that of most vectors first
   * @throws IOException if the merge was aborted
   */
  public ProductQuantizer forMerge(
      FieldInfo info, List<float[]> sample, List<ProductQuantizer> sources, MergeState mergeState)
      throws IOException {
    AbortCheck abort = new AbortCheck(mergeState);
    try {
      return find(info, sample, sources, abort, mergeState.infoStream);
    } catch (CancellationException e) {
      abort.rethrow();
      throw e;
    }
  }

  private ProductQuantizer find(
      FieldInfo info,
      List<float[]> sample,
      List<ProductQuantizer> sources,
      TrainingMonitor monitor,
      InfoStream log) {
    PqParameters parameters = encoding.parameters(info.getVectorDimension());
    Metric metric = PqMetadata.metric(info.getVectorSimilarityFunction());
    List<ProductQuantizer> candidates = new ArrayList<>(sources);
    ProductQuantizer last = current.get(info.name);
    if (last != null) {
      candidates.add(last);
    }
    for (ProductQuantizer candidate : candidates) {
      if (candidate.parameters().equals(parameters)
          && candidate.metric() == metric
          && fits(candidate, sample)) {
        log(log, info, "reuses " + candidate);
        current.put(info.name, candidate);
        return candidate;
      }
    }
    try {
      ProductQuantizer trained =
          new ProductQuantizerTrainer(parameters, metric, SEED).withMonitor(monitor).train(sample);
      log(log, info, "trained " + trained + ": " + trained.training());
      current.put(info.name, trained);
      return trained;
    } catch (UntrainableException e) {
      log(log, info, "no codes: " + e.getMessage());
      return null;
    }
  }

  private static boolean fits(ProductQuantizer quantizer, List<float[]> sample) {
    int trainedOn = quantizer.training().sample();
    return sample.size() < OUTGROWN * trainedOn
        && ReconstructionError.drift(
                quantizer, sample.subList(0, Math.min(sample.size(), PROVED_ON)))
            <= LARGEST_DRIFT;
  }

  private static void log(InfoStream log, FieldInfo info, String message) {
    if (log.isEnabled(COMPONENT)) {
      log.message(COMPONENT, "field " + info.name + ": " + message);
    }
  }

  /** Cancels a training when its merge is aborted. */
  private static final class AbortCheck implements TrainingMonitor {
    private final MergeState mergeState;
    private volatile IOException aborted;

    AbortCheck(MergeState mergeState) {
      this.mergeState = mergeState;
    }

    @Override
    public void progress(double done) {}

    @Override
    public boolean cancelled() {
      try {
        mergeState.checkAborted();
        return false;
      } catch (IOException e) {
        aborted = e;
        return true;
      }
    }

    void rethrow() throws IOException {
      if (aborted != null) {
        throw aborted;
      }
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.affinity.quantization.Estimator;
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

  /** Coordinates of a sample, all in all, for which a flush has time to try estimators. */
  private static final int TRIED_AT_FLUSH = 1 << 20;

  /** Vectors that a flush with less time learns from. */
  private static final int QUICK_SAMPLE = 8192;

  private static final int QUICK_ROUNDS = 10;

  private final PqEncoding encoding;
  private final boolean remembers;
  private final Map<String, ProductQuantizer> current = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /** For a format of one shard. */
  public QuantizerSource(PqEncoding encoding) {
    this(encoding, true);
  }

  /**
   * @param remembers whether fields of one name are of one index; not so for a format that any
   *     index of a JVM may write with
   */
  public QuantizerSource(PqEncoding encoding, boolean remembers) {
    this.encoding = encoding;
    this.remembers = remembers;
  }

  /** Whether a segment of so many vectors gets codes. */
  public boolean encodes(long vectors) {
    return encoding.encodes(vectors);
  }

  /**
   * The quantizer for a flush; null, with a line in the log, if nothing can be learned. A flush
   * holds indexing up, so where trying estimators would take long it learns the usual one, quickly,
   * and a merge does better later.
   */
  public ProductQuantizer forFlush(FieldInfo info, List<float[]> sample, InfoStream log) {
    return find(info, sample, List.of(), false, TrainingMonitor.NONE, log);
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
      return find(info, sample, sources, true, abort, mergeState.infoStream);
    } catch (CancellationException e) {
      abort.rethrow();
      throw e;
    }
  }

  /** One thread at a time searches or trains for a field: the next finds what it left. */
  private ProductQuantizer find(
      FieldInfo info,
      List<float[]> sample,
      List<ProductQuantizer> sources,
      boolean thorough,
      TrainingMonitor monitor,
      InfoStream log) {
    if (!remembers) {
      return findNow(info, sample, sources, thorough, monitor, log);
    }
    ReentrantLock lock = locks.computeIfAbsent(info.name, name -> new ReentrantLock());
    lock.lock();
    try {
      ProductQuantizer found = findNow(info, sample, sources, thorough, monitor, log);
      if (found != null) {
        current.put(info.name, found);
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  private ProductQuantizer findNow(
      FieldInfo info,
      List<float[]> sample,
      List<ProductQuantizer> sources,
      boolean thorough,
      TrainingMonitor monitor,
      InfoStream log) {
    PqParameters parameters = encoding.parameters(info.getVectorDimension());
    Metric metric = StoredQuantizer.metric(info.getVectorSimilarityFunction());
    List<ProductQuantizer> candidates = new ArrayList<>(sources);
    ProductQuantizer last = current.get(info.name);
    if (last != null) {
      candidates.add(last);
    }
    for (ProductQuantizer candidate : candidates) {
      if (candidate.parameters().equals(parameters)
          && candidate.metric() == metric
          && (!thorough || !isProvisional(candidate, sample))
          && fits(candidate, sample)) {
        log(log, info, "reuses " + candidate);
        return candidate;
      }
    }
    ProductQuantizerTrainer trainer =
        new ProductQuantizerTrainer(parameters, metric, SEED).withMonitor(monitor);
    List<float[]> learned = sample;
    if (!thorough && (long) sample.size() * parameters.dimension() > TRIED_AT_FLUSH) {
      learned = spread(sample, QUICK_SAMPLE);
      trainer = trainer.withEstimator(Estimator.usual(metric)).withRounds(QUICK_ROUNDS);
    }
    try {
      ProductQuantizer trained = trainer.train(learned);
      log(log, info, "trained " + trained + ": " + trained.training());
      return trained;
    } catch (UntrainableException e) {
      log(log, info, "no codes: " + e.getMessage());
      return null;
    }
  }

  /** Whether no estimators were tried although there are vectors enough to try them on. */
  private static boolean isProvisional(ProductQuantizer quantizer, List<float[]> sample) {
    return quantizer.training().trials().isEmpty()
        && sample.size() >= ProductQuantizerTrainer.SMALLEST_TRIAL;
  }

  private static boolean fits(ProductQuantizer quantizer, List<float[]> sample) {
    int trainedOn = quantizer.training().sample();
    return sample.size() < OUTGROWN * trainedOn
        && ReconstructionError.drift(quantizer, spread(sample, PROVED_ON)) <= LARGEST_DRIFT;
  }

  /** So many of the vectors, evenly over all of them: a sample is in the order of documents. */
  private static List<float[]> spread(List<float[]> sample, int count) {
    if (sample.size() <= count) {
      return sample;
    }
    List<float[]> some = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      some.add(sample.get((int) ((long) i * sample.size() / count)));
    }
    return some;
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

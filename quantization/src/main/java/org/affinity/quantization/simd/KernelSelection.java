/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Chooses the implementation for this JVM, in two steps.
 *
 * <ol>
 *   <li>{@link #best()}: the widest that has what it needs (the Vector API as a module, JDK 24 or
 *       later for byte shuffles that wrap their index, registers of its width) and gives the bits
 *       of the scalar one on a small random set.
 *   <li>{@link #calibrate()}: the fastest in a trial, group by group: scans of 4, 6 and 8 bits,
 *       nearest centroids. Trials, not names of processors, because an operation the hardware lacks
 *       is a thousand times slower, not a little. They mean nothing before the optimizing compiler
 *       got to the loops, which on a busy machine takes seconds; so this is for a background thread
 *       at start-up. What {@link #best()} returned before changes over by itself.
 * </ol>
 *
 * <p>The system property {@value #PROPERTY} forces one: {@code scalar}, {@code vector256}, {@code
 * vector512}; {@code auto} is the default. Safe for any number of threads.
 */
public final class KernelSelection {

  /** Name of the system property. */
  public static final String PROPERTY = "affinity.kernels";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String AUTO = "auto";
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final long PAUSE_NANOS = 500_000;

  private final SelectedKernels kernels;
  private final List<Kernels> candidates;
  private volatile String why;
  private boolean calibrated;

  private KernelSelection(Kernels first, List<Kernels> candidates, String why) {
    this.kernels = new SelectedKernels(first);
    this.candidates = candidates;
    this.why = why;
  }

  private static final class Holder {
    private static final KernelSelection CHOSEN = select(System.getProperty(PROPERTY, AUTO));
  }

  /** The kernels to use here. The first call takes some 0.1 s. */
  public static Kernels best() {
    return Holder.CHOSEN.kernels;
  }

  /** What was chosen and why, in a line for a log. */
  public static String describe() {
    return Holder.CHOSEN.text();
  }

  /**
   * Finds the fastest by trial, unless one is forced; then, or when called again, returns at once.
   * Takes about a second of a quiet machine and at most half a minute; an interrupt ends it sooner.
   *
   * @return {@link #describe()} afterwards
   */
  public static String calibrate() {
    return Holder.CHOSEN.compete(LONGEST_NANOS);
  }

  /** Every implementation this JVM can run, fast or not; the first is scalar. */
  public static List<Kernels> usable() {
    List<Kernels> usable = new ArrayList<>();
    usable.add(new ScalarKernels());
    if (whyNoVectors() == null) {
      usable.addAll(VectorImplementations.all());
    }
    return List.copyOf(usable);
  }

  private static String whyNoVectors() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "no module " + MODULE + "; start the JVM with --add-modules " + MODULE;
    }
    int feature = Runtime.version().feature();
    return feature < 24 ? "Java " + feature + " is older than 24" : null;
  }

  static KernelSelection select(String wanted) {
    for (Kernels usable : usable()) {
      if (wanted.equals(usable.name())) {
        return new KernelSelection(usable, List.of(), "forced by " + PROPERTY);
      }
    }
    String note = wanted.equals(AUTO) ? "" : PROPERTY + " [" + wanted + "] cannot be had; ";
    Kernels scalar = new ScalarKernels();
    String noVectors = whyNoVectors();
    if (noVectors != null) {
      return new KernelSelection(scalar, List.of(), note + noVectors);
    }
    note += "Java " + Runtime.version().feature();
    note += ", " + VectorImplementations.preferredBits() + "-bit registers";
    List<Kernels> candidates = new ArrayList<>(VectorImplementations.suitable());
    while (!candidates.isEmpty() && !right(candidates.get(0), scalar)) {
      note += ", " + candidates.remove(0).name() + " gives other results than scalar";
    }
    Kernels first = candidates.isEmpty() ? scalar : candidates.get(0);
    return new KernelSelection(first, List.copyOf(candidates), note);
  }

  private static boolean right(Kernels candidate, Kernels scalar) {
    return trials().stream().allMatch(trial -> trial.agrees(candidate, scalar));
  }

  private static List<KernelTrial> trials() {
    return List.of(
        KernelTrial.scan(4), KernelTrial.scan(6), KernelTrial.scan(8), KernelTrial.nearest());
  }

  Kernels kernels() {
    return kernels;
  }

  String text() {
    return kernels.name() + ": " + why;
  }

  synchronized String compete(long longestNanos) {
    if (calibrated || candidates.isEmpty()) {
      return text();
    }
    calibrated = true;
    long start = System.nanoTime();
    List<KernelContest> contests = new ArrayList<>();
    for (KernelTrial trial : trials()) {
      contests.add(new KernelContest(trial, new ScalarKernels(), candidates));
    }
    boolean open = true;
    while (open
        && System.nanoTime() - start < longestNanos
        && !Thread.currentThread().isInterrupted()) {
      open = false;
      for (KernelContest contest : contests) {
        open |= contest.round();
      }
      // The compiler may need the processor more than the trials do.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    kernels.choose(
        contests.get(0).winner(),
        contests.get(1).winner(),
        contests.get(2).winner(),
        contests.get(3).winner());
    StringBuilder text = new StringBuilder(why);
    for (KernelContest contest : contests) {
      text.append(", ").append(contest);
    }
    text.append(", found in ").append((System.nanoTime() - start) / 1_000_000).append(" ms");
    why = text.toString();
    return text();
  }
}

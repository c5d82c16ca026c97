/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

/**
 * How much of a segment a search looks at. All of it follows from k, the neighbours asked for.
 *
 * <p>A search ends when lists have stopped giving: when of the vectors scanned lately too small a
 * share made it among the candidates. Hard queries go on for longer than easy ones, which for the
 * same recall was measured to scan a tenth to a sixth fewer vectors than a number of lists fixed
 * beforehand (GloVe-100, 100k vectors).
 *
 * @param rescored candidates compared on raw floats
 * @param most vectors to scan at most, as long as there are enough hits
 * @param window what counts as lately, in vectors: older ones count less by a factor of e
 * @param rate share of new candidates at which lists have stopped giving
 */
record Effort(int rescored, int most, double window, double rate) {

  /** Estimates err, so a few more than k must be compared exactly. */
  private static final int FEWEST_MORE = 90;

  private static final double MOST = 30;
  private static final int MOST_OFFSET = 10;
  private static final double WINDOW = 400;
  private static final double RATE = 0.025;

  /** The most grows a little slower than the accepted share shrinks. */
  private static final double WIDENING = 0.7;

  /** What the effort for k neighbours is, among so many vectors. */
  static Effort of(int k, int vectors) {
    long rescored = k + (long) Math.max(k, FEWEST_MORE);
    double most = MOST * Math.sqrt((double) vectors * (k + MOST_OFFSET));
    return new Effort(
        (int) Math.min(vectors, rescored),
        (int) Math.min(vectors, most),
        WINDOW * Math.sqrt(k),
        RATE / k);
  }

  /**
   * What the effort is for a caller that asks for so many candidates rather than neighbours: those
   * of half as many neighbours were measured to be about as good (GloVe-100, 100k vectors).
   */
  static Effort ofCandidates(int candidates, int vectors) {
    Effort effort = of(Math.max(1, candidates / 2), vectors);
    return new Effort(Math.min(candidates, vectors), effort.most, effort.window, effort.rate);
  }

  /** The effort when only a share of the vectors may be found: more lists for as many of those. */
  Effort filtered(double accepted, int vectors) {
    double share = Math.max(accepted, 1e-9);
    return new Effort(
        rescored,
        (int) Math.min(vectors, most / Math.pow(share, WIDENING)),
        window / share,
        rate * share);
  }
}

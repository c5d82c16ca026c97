/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

/** What holds for the vectors of each list, and how far from their centroids they are. */
final class ListStatistics {

  private final float[] radius;
  private final float[] reach;
  private double distortion;

  ListStatistics(ListAssigner assigner, int lists) {
    this.radius = new float[lists];
    this.reach = new float[lists];
    for (int list = 0; list < lists; list++) {
      radius[list] = assigner.radius(list);
      reach[list] = assigner.reach(list);
    }
    this.distortion = assigner.distortion();
  }

  /**
   * Adds vectors that keep the list they had.
   *
   * @param kept how many
   * @param distortion of the lists they were in
   */
  ListStatistics(ListAssigner assigner, ListEntry[] entries, long kept, double distortion) {
    this(assigner, entries.length);
    for (int list = 0; list < entries.length; list++) {
      radius[list] = Math.max(radius[list], entries[list].radius());
      reach[list] = Math.max(reach[list], entries[list].reach());
    }
    // Without the sums of the old lists this is their mean and ours, by number.
    long all = kept + assigner.assigned();
    this.distortion =
        all == 0 ? 0 : (kept * distortion + assigner.assigned() * assigner.distortion()) / all;
  }

  float radius(int list) {
    return radius[list];
  }

  float reach(int list) {
    return reach[list];
  }

  double distortion() {
    return distortion;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

/**
 * How much relevance a document may lose to one that overtakes it: none whose relevance is r may
 * stand above one whose relevance R has {@code r < (1 - share) · R}.
 *
 * @param share 0 (the order of relevance alone) to 1 (no limit)
 */
record MaxLoss(double share) {

  static final MaxLoss UNLIMITED = new MaxLoss(1);

  MaxLoss {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "[max_loss] must be a number from 0 to 1, got [" + share + "]");
    }
  }

  boolean isUnlimited() {
    return share == 1;
  }

  /**
   * The least relevance out of the reach of a document: it must stay above that one. Infinite if
   * there is none.
   *
   * @param relevance not negative
   */
  float outOfReach(float relevance) {
    if (Float.isInfinite(relevance)) {
      return relevance;
    }
    float least = (float) Math.min(Float.MAX_VALUE, relevance / (1 - share));
    while (isOutOfReach(least, relevance)) {
      least = Math.nextDown(least);
    }
    while (!isOutOfReach(least, relevance)) {
      least = Math.nextUp(least);
    }
    return least;
  }

  /** Documents with less relevance than returned cannot reach one with {@code relevance}. */
  double reachedFrom(float relevance) {
    return (1 - share) * Math.nextDown(relevance);
  }

  private boolean isOutOfReach(float above, float relevance) {
    return relevance < (1 - share) * above;
  }
}

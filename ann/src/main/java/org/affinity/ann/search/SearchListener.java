/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

/** Hears of every search of a field, for statistics. Called by any thread. */
@FunctionalInterface
public interface SearchListener {

  /** Hears nothing. */
  SearchListener NONE = (field, plan) -> {};

  /** One reader was searched, all its segments. */
  void searched(String field, SearchPlan plan);
}

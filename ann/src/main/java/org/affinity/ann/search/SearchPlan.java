/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the segments of a reader were searched. Segments with nothing to search are left out.
 *
 * @param methods by name; {@value #EXACT} is the comparison of every eligible vector
 * @param eligible documents that passed the filter, as far as that was counted; -1 without a filter
 * @param stopped before its end, by timeout or cancellation
 */
public record SearchPlan(SortedMap<String, Work> methods, long eligible, boolean stopped) {

  static final String EXACT = "exact";

  /**
   * What one method did.
   *
   * @param segments it searched
   * @param listsProbed inverted lists it scanned
   * @param compared codes, or where there are none vectors, it compared with the target
   * @param rescored candidates compared again by their raw vectors
   */
  public record Work(int segments, long listsProbed, long compared, long rescored) {

    Work plus(Work other) {
      return new Work(
          segments + other.segments,
          listsProbed + other.listsProbed,
          compared + other.compared,
          rescored + other.rescored);
    }
  }

  public SearchPlan {
    methods = Collections.unmodifiableSortedMap(new TreeMap<>(methods));
  }

  /** All segments were compared vector by vector. */
  static SearchPlan exact(int segments, long compared) {
    TreeMap<String, Work> methods = new TreeMap<>();
    methods.put(EXACT, new Work(segments, 0, compared, 0));
    return new SearchPlan(methods, -1, false);
  }

  static SearchPlan of(Collection<LeafNearestSearch.Result> segments, boolean filtered) {
    SortedMap<String, Work> methods = new TreeMap<>();
    long eligible = 0;
    boolean stopped = false;
    for (LeafNearestSearch.Result segment : segments) {
      segment.work().forEach((method, work) -> methods.merge(method, work, Work::plus));
      eligible += segment.eligible();
      stopped |= segment.stopped();
    }
    return new SearchPlan(methods, filtered ? eligible : -1, stopped);
  }

  /** Whether no segment was searched by an approximate method. */
  public boolean exact() {
    return methods.keySet().stream().allMatch(EXACT::equals);
  }

  public long listsProbed() {
    return methods.values().stream().mapToLong(Work::listsProbed).sum();
  }

  public long compared() {
    return methods.values().stream().mapToLong(Work::compared).sum();
  }

  public long rescored() {
    return methods.values().stream().mapToLong(Work::rescored).sum();
  }

  /**
   * For people: {@code 3 segments: exact 1 (830 vectors), ivf 2 (14 lists, 5,120 codes, 220
   * rescored)}.
   */
  @Override
  public String toString() {
    int segments = methods.values().stream().mapToInt(Work::segments).sum();
    List<String> parts = new ArrayList<>();
    for (Map.Entry<String, Work> method : methods.entrySet()) {
      parts.add(describe(method.getKey(), method.getValue()));
    }
    String text = count(segments, "segment") + (parts.isEmpty() ? "" : ": ");
    text += String.join(", ", parts);
    text += eligible < 0 ? "" : "; filter passed " + count(eligible, "document");
    return stopped ? text + "; stopped before the end" : text;
  }

  private static String describe(String method, Work work) {
    List<String> parts = new ArrayList<>();
    if (work.listsProbed() > 0) {
      parts.add(count(work.listsProbed(), "list"));
    }
    parts.add(count(work.compared(), method.equals(EXACT) ? "vector" : "code"));
    if (!method.equals(EXACT)) {
      parts.add(String.format(Locale.ROOT, "%,d rescored", work.rescored()));
    }
    return method + " " + work.segments() + " (" + String.join(", ", parts) + ")";
  }

  private static String count(long number, String of) {
    return String.format(Locale.ROOT, "%,d %s%s", number, of, number == 1 ? "" : "s");
  }
}

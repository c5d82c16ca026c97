/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;

/** Splits queries by what they are, by how much is known of the person, and by what they seek. */
final class Groups {

  private final List<JudgedQuery> queries;

  /** By group's name: the numbers of its queries; by what they are split. */
  private final Map<String, Map<String, List<Integer>>> groups = new LinkedHashMap<>();

  Groups(RankingSet set, List<JudgedQuery> queries) {
    this.queries = queries;
    if (!set.isPersonal()) {
      return;
    }
    for (String kind : new TreeSet<>(queries.stream().map(JudgedQuery::kind).toList())) {
      for (int i = 0; i < queries.size(); i++) {
        if (queries.get(i).kind().equals(kind)) {
          put("query", kind, i);
        }
      }
    }
    byHistory(set);
    byPopularity(set);
    groups.values().removeIf(names -> names.size() == 1);
  }

  private void byHistory(RankingSet set) {
    int[] lengths =
        queries.stream().mapToInt(q -> set.people().get(q.person()).liked().size()).toArray();
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    int third = sorted[sorted.length / 3];
    int twoThirds = sorted[2 * sorted.length / 3];
    List<String> names =
        List.of("to " + third, (third + 1) + " to " + twoThirds, "from " + (twoThirds + 1));
    for (int group = 0; group < names.size(); group++) {
      for (int i = 0; i < lengths.length; i++) {
        if ((lengths[i] <= third ? 0 : lengths[i] <= twoThirds ? 1 : 2) == group) {
          put("items in history", names.get(group), i);
        }
      }
    }
  }

  /** Head, torso and tail are items that were each liked a third of the times, from the top. */
  private void byPopularity(RankingSet set) {
    List<String> names = List.of("head", "torso", "tail");
    long total = set.items().stream().mapToLong(Item::popularity).sum();
    Map<String, Integer> groupOf = new HashMap<>();
    long before = 0;
    for (Item item :
        set.items().stream()
            .sorted(Comparator.comparingInt(Item::popularity).reversed().thenComparing(Item::id))
            .toList()) {
      groupOf.put(item.id(), (int) Math.min(2, 3 * before / Math.max(1, total)));
      before += item.popularity();
    }
    for (int group = 0; group < names.size(); group++) {
      for (int i = 0; i < queries.size(); i++) {
        if (groupOf.get(queries.get(i).target()) == group) {
          put("popularity of the target", names.get(group), i);
        }
      }
    }
  }

  private void put(String by, String group, int query) {
    groups
        .computeIfAbsent(by, name -> new LinkedHashMap<>())
        .computeIfAbsent(group, name -> new ArrayList<>())
        .add(query);
  }

  /** The parts' NDCG@10. */
  List<RankingResult.Part> parts(double[] ndcg) {
    List<RankingResult.Part> parts = new ArrayList<>();
    groups.forEach(
        (by, names) ->
            names.forEach(
                (group, members) ->
                    parts.add(
                        new RankingResult.Part(
                            by,
                            group,
                            members.size(),
                            members.stream().mapToDouble(i -> ndcg[i]).average().orElse(0)))));
    return parts;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import static org.apache.lucene.tests.util.LuceneTestCase.random;

import com.carrotsearch.randomizedtesting.generators.RandomNumbers;
import com.carrotsearch.randomizedtesting.generators.RandomStrings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Statistics of anything, for round trips. */
final class RandomStats {

  private RandomStats() {}

  static String name() {
    return RandomStrings.randomAsciiLettersOfLengthBetween(random(), 3, 12);
  }

  static long count() {
    return RandomNumbers.randomLongBetween(random(), 0, 1L << 40);
  }

  static Tally tally() {
    Tally tally = Tally.NONE;
    for (int i = random().nextInt(4); i > 0; i--) {
      tally = tally.plus(Tally.of(name(), count()));
    }
    return tally;
  }

  static SearchStats searches() {
    return new SearchStats(count(), count(), count(), count(), count());
  }

  static CodebookStats codebook(String id) {
    List<CodebookStats.Trial> trials = new ArrayList<>();
    for (int i = random().nextInt(4); i > 0; i--) {
      trials.add(new CodebookStats.Trial(name(), random().nextFloat()));
    }
    return new CodebookStats(
        id,
        count(),
        count(),
        new CodebookStats.Code(name(), random().nextInt(99), 8, random().nextInt(99), name()),
        new CodebookStats.Trained(count(), random().nextDouble(), random().nextDouble(), trials));
  }

  static FieldStats field() {
    SortedMap<String, CodebookStats> codebooks = new TreeMap<>();
    for (int i = random().nextInt(3); i > 0; i--) {
      String id = name();
      codebooks.put(id, codebook(id));
    }
    return new FieldStats(count(), count(), tally(), tally(), tally(), codebooks, searches());
  }

  static ShardStats shard() {
    Map<String, FieldStats> fields = new HashMap<>();
    for (int i = random().nextInt(3); i > 0; i--) {
      fields.put(name(), field());
    }
    return new ShardStats(name(), random().nextBoolean(), fields);
  }

  static List<ShardStats> shards() {
    List<ShardStats> shards = new ArrayList<>();
    for (int i = random().nextInt(4); i > 0; i--) {
      shards.add(shard());
    }
    return shards;
  }
}

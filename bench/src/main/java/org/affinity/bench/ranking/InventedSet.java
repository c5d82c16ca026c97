/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.affinity.bench.ranking.RankingSet.Embedding;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.Person;
import org.affinity.bench.ranking.RankingSet.TextField;

/**
 * Shelves of items and people who each like one shelf, so that taste decides among the items that
 * share a word: the tiny form, whose figures mean nothing, with enough items for codes.
 */
final class InventedSet {

  static final int SHELVES = 8;

  private static final int ITEMS = 5000;
  private static final int PEOPLE = 200;
  private static final int LIKED = 20;
  private static final int HELD_OUT = 5;
  private static final int DIMENSION = 16;
  private static final double LOYALTY = 0.9;
  private static final List<String> NOUNS =
      List.of("river", "lantern", "garden", "winter", "harbour", "mirror", "orchard", "signal");

  private InventedSet() {}

  static RankingSet invent(QuerySampler.Limits limits, long seed) {
    Random random = new Random(seed);
    Words words = new Words(10, ITEMS);
    Likes likes = new Likes();
    int[] popularity = new int[ITEMS];
    Map<String, List<String>> liked = new HashMap<>();
    Map<String, List<String>> heldOut = new HashMap<>();
    for (int person = 0; person < PEOPLE; person++) {
      List<String> all = new ArrayList<>();
      while (all.size() < LIKED + HELD_OUT) {
        int shelf = random.nextDouble() < LOYALTY ? person % SHELVES : random.nextInt(SHELVES);
        String item = Integer.toString(random.nextInt(ITEMS / SHELVES / 4) * SHELVES + shelf);
        if (!all.contains(item)) {
          all.add(item);
        }
      }
      Collections.shuffle(all, random);
      String id = "p" + person;
      liked.put(id, all.subList(0, LIKED));
      heldOut.put(id, all.subList(LIKED, all.size()));
      for (String item : liked.get(id)) {
        likes.add(id, item);
        popularity[Integer.parseInt(item)]++;
      }
    }
    ImplicitAls.Settings settings = new ImplicitAls.Settings(DIMENSION, 20, 1, 5, seed);
    ImplicitAls factors =
        ImplicitAls.learn(likes.matrix(), likes.items().size(), settings, iteration -> {});
    Embedding embedding = new Embedding("als" + DIMENSION, DIMENSION, "innerproduct");
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      String id = Integer.toString(i);
      String title = NOUNS.get(random.nextInt(NOUNS.size())) + " volume" + i;
      words.add(id, title);
      Integer number = likes.items().get(id);
      float[] vector = number == null ? noise(random) : ImplicitAls.vector(factors.items(), number);
      items.add(
          new Item(id, Map.of("title", title), popularity[i], Map.of(embedding.name(), vector)));
    }
    Map<String, Person> people = new HashMap<>();
    liked.forEach(
        (id, history) ->
            people.put(
                id,
                new Person(
                    history,
                    history,
                    Map.of(
                        embedding.name(),
                        ImplicitAls.vector(factors.people(), likes.people().get(id))))));
    QuerySampler sampler =
        new QuerySampler(List.of(QuerySampler.Kind.of("title word", words)), seed);
    return new RankingSet(
        "invented",
        "Invented, to show that the report runs.",
        List.of(new TextField("title", "english", 1)),
        true,
        List.of(embedding),
        items,
        people,
        likes,
        List.of(sampler.sample(heldOut, limits)),
        1);
  }

  /** A short vector, as of an item that hardly anyone knows. */
  private static float[] noise(Random random) {
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) (0.01 * random.nextGaussian());
    }
    return vector;
  }
}

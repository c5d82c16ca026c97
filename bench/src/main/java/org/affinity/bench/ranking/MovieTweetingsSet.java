/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.affinity.bench.ranking.RankingSet.Embedding;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.Person;
import org.affinity.bench.ranking.RankingSet.TextField;
import org.affinity.bench.report.DataFiles;

/** Ratings of films with times; the factors are learned here. */
final class MovieTweetingsSet {

  private static final int POSITIVE = 7;

  /** This part of the ratings, the oldest, is learned from. */
  private static final double TRAINING = 0.8;

  private static final double ALPHA = 20;
  private static final double LAMBDA = 10;
  private static final int ITERATIONS = 10;

  private record Rating(String person, String movie, int stars, long time) {}

  private MovieTweetingsSet() {}

  /** Reads the folder and learns factors. */
  static RankingSet read(
      Path folder, QuerySampler.Limits limits, long seed, Consumer<String> progress)
      throws IOException {
    List<Rating> ratings = new ArrayList<>();
    for (String line : DataFiles.lines(folder.resolve("ratings.dat.gz"))) {
      String[] parts = line.split("::", -1);
      ratings.add(
          new Rating(parts[0], parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3])));
    }
    ratings.sort(Comparator.comparingLong(Rating::time));
    int split = (int) (TRAINING * ratings.size());
    Map<String, List<String>> known = new HashMap<>();
    Map<String, List<String>> liked = new HashMap<>();
    Map<String, List<String>> heldOut = new HashMap<>();
    Map<String, Integer> popularity = new HashMap<>();
    Likes likes = new Likes();
    Set<String> pairs = new HashSet<>();
    for (int i = 0; i < ratings.size(); i++) {
      Rating rating = ratings.get(i);
      if (!pairs.add(rating.person() + " " + rating.movie())) {
        continue;
      }
      boolean isPositive = rating.stars() >= POSITIVE;
      if (i < split) {
        add(known, rating);
        if (isPositive) {
          add(liked, rating);
          likes.add(rating.person(), rating.movie());
          popularity.merge(rating.movie(), 1, Integer::sum);
        }
      } else if (isPositive && liked.containsKey(rating.person())) {
        add(heldOut, rating);
      }
    }
    List<Embedding> embeddings = new ArrayList<>();
    Map<String, ImplicitAls> factors = new HashMap<>();
    for (int dimension : new int[] {32, 16}) {
      Embedding embedding = new Embedding("als" + dimension, dimension, "innerproduct");
      embeddings.add(embedding);
      ImplicitAls.Settings settings =
          new ImplicitAls.Settings(dimension, ALPHA, LAMBDA, ITERATIONS, seed);
      factors.put(
          embedding.name(),
          ImplicitAls.learn(
              likes.matrix(),
              likes.items().size(),
              settings,
              iteration ->
                  progress.accept(
                      embedding.name() + ", iteration " + iteration + " of " + ITERATIONS)));
    }
    Map<String, Person> people = new HashMap<>();
    for (String person : liked.keySet()) {
      Map<String, float[]> vectors = new HashMap<>();
      factors.forEach(
          (name, learned) ->
              vectors.put(name, ImplicitAls.vector(learned.people(), likes.people().get(person))));
      people.put(person, new Person(liked.get(person), known.get(person), vectors));
    }
    Words titles = new Words(10, 500);
    Words genres = new Words(10, Integer.MAX_VALUE);
    List<Item> items = new ArrayList<>();
    for (String line : DataFiles.lines(folder.resolve("movies.dat.gz"))) {
      String[] parts = line.split("::", -1);
      String genre = parts[2].replace('|', ' ').replace("-", "");
      titles.add(parts[0], parts[1]);
      genres.add(parts[0], genre);
      Map<String, float[]> vectors = new HashMap<>();
      Integer number = likes.items().get(parts[0]);
      if (number != null) {
        factors.forEach(
            (name, learned) -> vectors.put(name, ImplicitAls.vector(learned.items(), number)));
      }
      items.add(
          new Item(
              parts[0],
              Map.of("title", parts[1], "genres", genre),
              popularity.getOrDefault(parts[0], 0),
              vectors));
    }
    Set<String> ids = new HashSet<>();
    items.forEach(item -> ids.add(item.id()));
    heldOut.values().forEach(of -> of.retainAll(ids));
    heldOut.values().removeIf(List::isEmpty);
    QuerySampler sampler =
        new QuerySampler(
            List.of(
                QuerySampler.Kind.of("title word", titles), QuerySampler.Kind.of("genre", genres)),
            seed);
    return new RankingSet(
        "movietweetings",
        "Learned from the oldest 80 % of the ratings; right are films rated 7 or more in the rest,"
            + " by people who rated one so before. A query is a word of such a film's title that 10"
            + " to 500 titles have, or one of its genres. The factors are learned here, by implicit"
            + " ALS (alpha 20, lambda 10, 10 iterations, chosen beforehand). Films that training"
            + " did not see have no vector and no popularity.",
        List.of(new TextField("title", "english", 2), new TextField("genres", "standard", 1)),
        true,
        embeddings,
        items,
        people,
        likes,
        List.of(sampler.sample(heldOut, limits)),
        1);
  }

  private static void add(Map<String, List<String>> to, Rating rating) {
    to.computeIfAbsent(rating.person(), id -> new ArrayList<>()).add(rating.movie());
  }
}

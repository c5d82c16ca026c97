/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.affinity.bench.ranking.RankingSet.Embedding;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.Person;
import org.affinity.bench.ranking.RankingSet.TextField;
import org.affinity.bench.report.DataFiles;
import org.affinity.bench.report.VecsFile;

/** 10,000 books, ratings split at random, and factors that were learned from the training part. */
final class GoodbooksSet {

  private static final int POSITIVE = 4;
  private static final int DIMENSION = 64;

  /** An author is a query who wrote at least so many books. */
  private static final int BOOKS = 3;

  private GoodbooksSet() {}

  /** Reads the folder. */
  static RankingSet read(Path folder, QuerySampler.Limits limits, long seed) throws IOException {
    Map<String, List<String>> known = new LinkedHashMap<>();
    Map<String, List<String>> liked = new LinkedHashMap<>();
    Map<String, Integer> popularity = new HashMap<>();
    Likes likes = new Likes();
    Set<String> pairs = new HashSet<>();
    for (Map<String, String> row : DataFiles.csv(folder.resolve("ratings-train.csv.gz"))) {
      String person = row.get("user_id");
      String book = row.get("book_id");
      if (pairs.add(person + " " + book)) {
        known.computeIfAbsent(person, id -> new ArrayList<>()).add(book);
        if (Integer.parseInt(row.get("rating")) >= POSITIVE) {
          liked.computeIfAbsent(person, id -> new ArrayList<>()).add(book);
          likes.add(person, book);
          popularity.merge(book, 1, Integer::sum);
        }
      }
    }
    List<Embedding> embeddings = new ArrayList<>();
    Map<String, List<float[]>> ofItems = new HashMap<>();
    Map<String, Map<String, float[]>> ofPeople = new HashMap<>();
    for (String generation : List.of("gen2", "gen1")) {
      Embedding embedding = new Embedding("als64_" + generation, DIMENSION, "innerproduct");
      embeddings.add(embedding);
      ofItems.put(
          embedding.name(), vectors(folder.resolve("item-als64-" + generation + ".fvecs.gz")));
      List<String> ids = DataFiles.lines(folder.resolve("user-ids-" + generation + ".txt.gz"));
      List<float[]> rows = vectors(folder.resolve("user-als64-" + generation + ".fvecs.gz"));
      for (int i = 0; i < ids.size(); i++) {
        ofPeople
            .computeIfAbsent(ids.get(i), id -> new HashMap<>())
            .put(embedding.name(), rows.get(i));
      }
    }
    ofPeople.values().removeIf(vectors -> vectors.size() < embeddings.size());

    Words titles = new Words(10, 500);
    Map<String, Set<String>> byAuthor = new HashMap<>();
    Map<String, List<String>> authorsOf = new HashMap<>();
    List<Item> items = new ArrayList<>();
    for (Map<String, String> book : DataFiles.csv(folder.resolve("books.csv.gz"))) {
      String id = book.get("id");
      titles.add(id, book.get("title"));
      List<String> authors = List.of(book.get("authors").split(", *"));
      authorsOf.put(id, authors);
      authors.forEach(author -> byAuthor.computeIfAbsent(author, a -> new HashSet<>()).add(id));
      Map<String, float[]> vectors = new HashMap<>();
      ofItems.forEach((name, rows) -> vectors.put(name, rows.get(Integer.parseInt(id) - 1)));
      items.add(
          new Item(
              id,
              Map.of("title", book.get("title"), "authors", book.get("authors")),
              popularity.getOrDefault(id, 0),
              vectors));
    }

    Map<String, List<String>> heldOut = new HashMap<>();
    for (Map<String, String> row : DataFiles.csv(folder.resolve("ratings-test.csv.gz"))) {
      String person = row.get("user_id");
      String book = row.get("book_id");
      if (Integer.parseInt(row.get("rating")) >= POSITIVE
          && ofPeople.containsKey(person)
          && pairs.add(person + " " + book)) {
        heldOut.computeIfAbsent(person, id -> new ArrayList<>()).add(book);
      }
    }
    Map<String, Person> people = new HashMap<>();
    Random random = new Random(seed);
    for (String person : liked.keySet()) {
      if (ofPeople.containsKey(person)) {
        Collections.shuffle(liked.get(person), random);
        people.put(person, new Person(liked.get(person), known.get(person), ofPeople.get(person)));
      }
    }
    QuerySampler sampler =
        new QuerySampler(
            List.of(
                QuerySampler.Kind.of("title word", titles),
                new QuerySampler.Kind(
                    "author",
                    id ->
                        authorsOf.get(id).stream()
                            .filter(author -> byAuthor.get(author).size() >= BOOKS)
                            .toList(),
                    (id, author) -> authorsOf.get(id).contains(author))),
            seed);
    return new RankingSet(
        "goodbooks",
        "Held out: 20 % of the ratings, at random; right are books rated 4 or 5 in it. A query is a"
            + " word of a held-out book's title that 10 to 500 titles have, or the name of an"
            + " author of three books or more. Ratings have no times: the last items of a history"
            + " are random ones of it.",
        List.of(new TextField("title", "english", 2), new TextField("authors", "standard", 1)),
        true,
        embeddings,
        items,
        people,
        likes,
        List.of(sampler.sample(heldOut, limits)),
        1);
  }

  private static List<float[]> vectors(Path file) throws IOException {
    return VecsFile.vectors(file);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** Finds out what readers like, from embeddings and genres alone. */
final class Tastes {
  private static final int NEAREST = 60;
  private static final int SAMPLE = 1500;
  private static final int FAVOURITES = 2;

  private final Catalogue catalogue;
  private final int[][] genresOfBook;
  private final double[] shareInCatalogue;

  Tastes(Catalogue catalogue) {
    this.catalogue = catalogue;
    List<String> names = catalogue.mainGenres();
    this.genresOfBook = new int[catalogue.books().size()][];
    this.shareInCatalogue = new double[names.size()];
    for (int b = 0; b < genresOfBook.length; b++) {
      List<String> genres = catalogue.books().get(b).card().genres();
      genresOfBook[b] =
          IntStream.range(0, names.size()).filter(g -> genres.contains(names.get(g))).toArray();
      for (int g : genresOfBook[b]) {
        shareInCatalogue[g] += 1.0 / genresOfBook.length;
      }
    }
  }

  /**
   * Three readers as different as can be. They are looked for in an even sample of the quarter with
   * the longest embeddings, which are those who have rated most and whose taste is best known.
   */
  List<Taste> threeUnlike() {
    List<Taste> candidates = bestOfEachGenre(sample());
    List<Taste> best = List.of();
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      for (int j = i + 1; j < candidates.size(); j++) {
        for (int k = j + 1; k < candidates.size(); k++) {
          List<Taste> three = List.of(candidates.get(i), candidates.get(j), candidates.get(k));
          double likeness = likeness(three);
          if (likeness < least) {
            least = likeness;
            best = three;
          }
        }
      }
    }
    return best;
  }

  private static double likeness(List<Taste> three) {
    double a = three.get(0).likeness(three.get(1));
    double b = three.get(0).likeness(three.get(2));
    double c = three.get(1).likeness(three.get(2));
    return Math.max(a, Math.max(b, c)) + (a + b + c) / 10;
  }

  private List<Taste> sample() {
    List<Reader> longest =
        catalogue.readers().stream()
            .sorted(Comparator.comparingDouble((Reader r) -> -dot(r.vector(), r.vector())))
            .limit(Math.max(100, catalogue.readers().size() / 4))
            .toList();
    int step = Math.max(1, longest.size() / SAMPLE);
    List<Taste> tastes = new ArrayList<>();
    for (int r = 0; r < longest.size(); r += step) {
      tastes.add(of(longest.get(r)));
    }
    return tastes;
  }

  /** For each genre that somebody's taste is led by, the reader in whom it is strongest. */
  private List<Taste> bestOfEachGenre(List<Taste> tastes) {
    List<Taste> best = new ArrayList<>();
    for (int g = 0; g < shareInCatalogue.length; g++) {
      String name = catalogue.mainGenres().get(g);
      int genre = g;
      tastes.stream()
          .filter(t -> !t.favourites().isEmpty() && t.favourites().getFirst().equals(name))
          .max(Comparator.comparingDouble(t -> t.profile()[genre]))
          .ifPresent(best::add);
    }
    return best;
  }

  /** What a reader likes. */
  Taste of(Reader reader) {
    double[] profile = new double[shareInCatalogue.length];
    double strength = 0;
    List<Integer> nearest = nearest(reader);
    for (int book : nearest) {
      strength += affinity(reader, catalogue.books().get(book)) / nearest.size();
      for (int g : genresOfBook[book]) {
        profile[g] += 1.0 / NEAREST;
      }
    }
    for (int g = 0; g < profile.length; g++) {
      double share = profile[g];
      profile[g] = share > shareInCatalogue[g] ? share * Math.log(share / shareInCatalogue[g]) : 0;
    }
    double length = Math.sqrt(Arrays.stream(profile).map(x -> x * x).sum());
    double[] unit = Arrays.stream(profile).map(x -> length > 0 ? x / length : 0).toArray();
    List<String> favourites =
        IntStream.range(0, unit.length)
            .filter(g -> unit[g] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer g) -> -unit[g]))
            .limit(FAVOURITES)
            .map(catalogue.mainGenres()::get)
            .toList();
    return new Taste(reader, favourites, unit, strength);
  }

  private List<Integer> nearest(Reader reader) {
    record Scored(int book, double score) {}
    PriorityQueue<Scored> best = new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
    for (int b = 0; b < genresOfBook.length; b++) {
      best.add(new Scored(b, affinity(reader, catalogue.books().get(b))));
      if (best.size() > NEAREST) {
        best.remove();
      }
    }
    return best.stream().map(Scored::book).toList();
  }

  /** The inner product of reader and book. */
  static double affinity(Reader reader, Book book) {
    return dot(reader.vector(), book.vector());
  }

  /** The cosine of the angle between two vectors. */
  static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(Math.max(Double.MIN_NORMAL, dot(a, a) * dot(b, b)));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}

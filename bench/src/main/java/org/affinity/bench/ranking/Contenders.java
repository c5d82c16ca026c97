/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.affinity.bench.ranking.Contender.Search;
import org.affinity.bench.ranking.RankingSet.Embedding;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.JudgedQuery;
import org.affinity.bench.ranking.RankingSet.Person;

/** The rows of the report for one data set. */
final class Contenders {

  static final String BM25 = "BM25";
  static final String POPULARITY = "+ popularity prior";
  static final String COOCCURRENCE = "+ item-item co-occurrence";
  static final String BOTH = COOCCURRENCE + " + popularity";
  static final String BLEND = "blend";

  /** Hits that the client re-ranks. */
  private static final int WINDOW = 1000;

  /** What recall adds. */
  private static final int RECALL = 100;

  /** As docs/query.md advises: the nearest item gets sigmoid(3) = 0.95. */
  private static final double NEAREST = 3;

  private static final int[] LAST = {5, 3, 1};

  /** What smaller tables of co-occurrence keep. */
  private static final int[] NEIGHBOURS = {50, 20};

  private static final int SAMPLE = 100;

  private final RankingSet set;
  private final RankingIndex index;
  private final Requests requests;
  private final ObjectMapper json = new ObjectMapper();

  Contenders(RankingSet set, RankingIndex index) {
    this.set = set;
    this.index = index;
    this.requests = new Requests(set);
  }

  /** All of them; the index is loaded. */
  List<Contender> all() throws IOException, InterruptedException {
    List<Contender> all = new ArrayList<>();
    all.add(
        new Contender(
            BM25,
            List.of(Weights.NONE),
            null,
            (query, weights, size) -> Search.of(requests.plain(query, size)),
            0));
    if (set.isPersonal()) {
      all.add(
          new Contender(
              POPULARITY,
              Weights.priors(),
              null,
              (query, weights, size) ->
                  Search.of(
                      requests.blend(query, null, weights.popularity(), options("exact"), size)),
              0));
      Cooccurrence table = new Cooccurrence(set.likes());
      all.add(cooccurrence(COOCCURRENCE, Weights.affinities(), table));
      all.add(cooccurrence(BOTH, Weights.both(), table));
      for (int most : NEIGHBOURS) {
        all.add(
            cooccurrence(
                BOTH + ", the " + most + " nearest of each item",
                Weights.both(),
                table.nearest(most)));
      }
    }
    for (Embedding embedding : set.embeddings()) {
      all.add(alone(embedding));
      if (set.isPersonal()) {
        all.add(
            blend(
                "+ " + embedding.name(),
                Weights.affinities(),
                embedding,
                query -> reference(query, embedding),
                scale(embedding, person -> person.vectors().get(embedding.name()))));
      }
    }
    Embedding first = set.embeddings().get(0);
    double scale = scale(first, person -> person.vectors().get(first.name()));
    all.add(
        blend(
            BLEND,
            set.isPersonal() ? Weights.both() : Weights.affinities(),
            first,
            query -> reference(query, first),
            scale));
    if (set.isPersonal()) {
      for (int last : LAST) {
        all.add(lastItems(first, last));
      }
    } else {
      all.add(recalling(first));
    }
    for (int m : index.codeSizes()) {
      Map<String, Double> bytes = index.bytesPerVector(index.codesField(m));
      // A segment with few vectors has no codes.
      if (bytes.getOrDefault("codes", 0.0) > 0) {
        all.add(
            new Contender(
                "blend by codes, m = " + m,
                null,
                BLEND,
                (query, weights, size) ->
                    blend(
                        query,
                        index.codesField(m),
                        reference(query, first),
                        weights,
                        scale,
                        "codes",
                        size),
                bytes.get("codes") + bytes.getOrDefault("codebook", 0.0)));
      }
    }
    return all;
  }

  /** The blend whose affinity has weight 0, which must give what the keywords give. */
  Search neutral(JudgedQuery query, int size) {
    Embedding first = set.embeddings().get(0);
    return blend(query, first.name(), reference(query, first), Weights.NONE, 1, "exact", size);
  }

  /** The plain keyword query. */
  Search plain(JudgedQuery query, int size) {
    return Search.of(requests.plain(query, size));
  }

  /** Re-ranked by the client; weights of affinity are those of the cosines. */
  private Contender cooccurrence(String name, List<Weights> grid, Cooccurrence table) {
    Map<String, Double> popularity = Requests.popularity(set.items());
    return new Contender(
        name,
        grid,
        null,
        (query, weights, size) ->
            new Search(
                requests.plain(query, WINDOW),
                hits ->
                    rerank(
                        hits,
                        table.scores(set.people().get(query.person()).liked(), Hit.ids(hits)),
                        hits.stream().mapToDouble(hit -> popularity.get(hit.id())).toArray(),
                        weights)),
        table.bytes() / (double) set.items().size());
  }

  /**
   * The weighted sum of relevance and cosines, each divided by its largest, and of popularity,
   * which is from 0 to 1 as in a blend.
   */
  static List<Hit> rerank(List<Hit> hits, double[] cosines, double[] popularity, Weights weights) {
    double mostRelevant = hits.stream().mapToDouble(Hit::score).max().orElse(0);
    double nearest = Arrays.stream(cosines).max().orElse(0);
    List<Hit> ranked = new ArrayList<>();
    for (int i = 0; i < cosines.length; i++) {
      Hit hit = hits.get(i);
      double affinity = nearest == 0 ? 0 : weights.affinity() * cosines[i] / nearest;
      double prior = weights.popularity() * popularity[i];
      ranked.add(new Hit(hit.id(), (float) (hit.score() / mostRelevant + affinity + prior)));
    }
    ranked.sort(Comparator.comparingDouble(hit -> -hit.score()));
    return ranked;
  }

  private Contender alone(Embedding embedding) throws IOException, InterruptedException {
    return new Contender(
        embedding.name() + (set.isPersonal() ? " alone orders the matches" : " alone"),
        List.of(Weights.NONE),
        null,
        (query, weights, size) ->
            Search.of(
                requests.nearest(
                    embedding.name(),
                    reference(query, embedding),
                    set.isPersonal() ? requests.keywords(query) : null,
                    size)),
        raw(embedding));
  }

  private Contender lastItems(Embedding embedding, int last)
      throws IOException, InterruptedException {
    return blend(
        last == 1 ? "blend, last item only" : "blend, last " + last + " items only",
        Weights.both(),
        embedding,
        query ->
            Requests.likes(
                index.index(), last(set.people().get(query.person()), last), embedding.name()),
        scale(embedding, person -> mean(last(person, last), embedding)));
  }

  private Contender recalling(Embedding embedding) throws IOException, InterruptedException {
    return new Contender(
        "blend with recall of " + RECALL,
        Weights.affinities(),
        null,
        (query, weights, size) -> {
          if (weights.affinity() == 0) {
            return Search.of(requests.plain(query, size));
          }
          ObjectNode options = options("exact");
          options.putObject("recall").put("field", embedding.name()).put("k", RECALL);
          return Search.of(
              requests.blend(
                  query,
                  Requests.affinity(
                      embedding.name(),
                      reference(query, embedding),
                      weights.affinity(),
                      Double.NaN),
                  0,
                  options,
                  size));
        },
        raw(embedding));
  }

  private Contender blend(
      String name,
      List<Weights> grid,
      Embedding embedding,
      Function<JudgedQuery, ObjectNode> reference,
      double scale)
      throws IOException, InterruptedException {
    return new Contender(
        name,
        grid,
        null,
        (query, weights, size) ->
            blend(query, embedding.name(), reference.apply(query), weights, scale, "exact", size),
        raw(embedding));
  }

  private Search blend(
      JudgedQuery query,
      String field,
      ObjectNode reference,
      Weights weights,
      double scale,
      String precision,
      int size) {
    return Search.of(
        requests.blend(
            query,
            Requests.affinity(field, reference, weights.affinity(), scale),
            weights.popularity(),
            options(precision),
            size));
  }

  private ObjectNode options(String precision) {
    return json.createObjectNode().put("precision", precision);
  }

  private double raw(Embedding embedding) throws IOException, InterruptedException {
    return index.bytesPerVector(embedding.name()).get("raw");
  }

  private ObjectNode reference(JudgedQuery query, Embedding embedding) {
    return query.person() == null
        ? Requests.vector(query.vectors().get(embedding.name()))
        : Requests.document(index.peopleIndex(), query.person(), embedding.name());
  }

  private static List<String> last(Person person, int most) {
    List<String> liked = person.liked();
    return liked.subList(Math.max(0, liked.size() - most), liked.size());
  }

  /** Null if none of the items has a vector. */
  private float[] mean(List<String> ids, Embedding embedding) {
    float[] sum = new float[embedding.dimension()];
    int count = 0;
    for (Item item : set.items()) {
      float[] vector = item.vectors().get(embedding.name());
      if (vector != null && ids.contains(item.id())) {
        for (int d = 0; d < sum.length; d++) {
          sum[d] += vector[d];
        }
        count++;
      }
    }
    for (int d = 0; d < sum.length; d++) {
      sum[d] /= Math.max(1, count);
    }
    return count == 0 ? null : sum;
  }

  /**
   * {@link #NEAREST} over the inner product of a tuning person's vector with the best item that is
   * new to them, the median over people; NaN where no sigmoid is wanted.
   */
  private double scale(Embedding embedding, Function<Person, float[]> vectorOf) {
    if (!embedding.isInnerProduct()) {
      return Double.NaN;
    }
    double[] best =
        set.folds().get(0).tuning().stream()
            .limit(SAMPLE)
            .map(query -> set.people().get(query.person()))
            .filter(person -> vectorOf.apply(person) != null)
            .mapToDouble(
                person -> best(vectorOf.apply(person), Set.copyOf(person.known()), embedding))
            .filter(product -> product > 0)
            .sorted()
            .toArray();
    return best.length == 0 ? 1 : NEAREST / best[best.length / 2];
  }

  private double best(float[] vector, Set<String> known, Embedding embedding) {
    double best = 0;
    for (Item item : set.items()) {
      float[] other = item.vectors().get(embedding.name());
      if (other != null && !known.contains(item.id())) {
        double product = 0;
        for (int d = 0; d < vector.length; d++) {
          product += (double) vector[d] * other[d];
        }
        best = Math.max(best, product);
      }
    }
    return best;
  }
}

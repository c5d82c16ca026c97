/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ranking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.affinity.bench.ranking.RankingSet.Embedding;
import org.affinity.bench.ranking.RankingSet.Item;
import org.affinity.bench.ranking.RankingSet.Person;
import org.affinity.bench.ranking.RankingSet.TextField;
import org.affinity.bench.report.DataFiles;
import org.affinity.bench.report.VecsFile;

/**
 * A shop's invoices over a year; what customers bought for the first time after a day is judged.
 */
final class OnlineRetailSet {

  private static final String SPLIT = "2011-11-01";
  private static final Embedding ALS = new Embedding("als48", 48, "innerproduct");

  private OnlineRetailSet() {}

  /** Reads the folder. */
  static RankingSet read(Path folder, QuerySampler.Limits limits, long seed) throws IOException {
    Words words = new Words(10, 500);
    Map<String, String> descriptions = new HashMap<>();
    List<String> order = new ArrayList<>();
    List<String> lines = DataFiles.lines(folder.resolve("products.tsv.gz"));
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split("\t", -1);
      descriptions.put(parts[0], parts[1]);
      order.add(parts[0]);
      words.add(parts[0], parts[1]);
    }
    List<Map<String, String>> sales = new ArrayList<>();
    for (Map<String, String> row : DataFiles.csv(folder.resolve("transactions.csv.gz"))) {
      if (!row.get("CustomerID").isEmpty()
          && !row.get("InvoiceNo").startsWith("C")
          && !row.get("Quantity").startsWith("-")
          && descriptions.containsKey(row.get("StockCode"))) {
        sales.add(row);
      }
    }
    sales.sort(Comparator.comparing(row -> row.get("InvoiceDate")));
    Map<String, Set<String>> bought = new HashMap<>();
    Map<String, Integer> popularity = new HashMap<>();
    Map<String, List<String>> heldOut = new HashMap<>();
    Likes likes = new Likes();
    Set<String> pairs = new HashSet<>();
    for (Map<String, String> sale : sales) {
      String customer = sale.get("CustomerID");
      String product = sale.get("StockCode");
      boolean isNew = pairs.add(customer + " " + product);
      if (sale.get("InvoiceDate").compareTo(SPLIT) < 0) {
        Set<String> history = bought.computeIfAbsent(customer, id -> new LinkedHashSet<>());
        history.remove(product);
        history.add(product);
        if (isNew) {
          likes.add(customer, product);
          popularity.merge(product, 1, Integer::sum);
        }
      } else if (isNew && bought.containsKey(customer)) {
        heldOut.computeIfAbsent(customer, id -> new ArrayList<>()).add(product);
      }
    }
    List<float[]> rows = vectors(folder.resolve("customer-als48.fvecs.gz"));
    List<String> ids = DataFiles.lines(folder.resolve("customer-ids.txt.gz"));
    Map<String, Person> people = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      if (bought.containsKey(ids.get(i))) {
        List<String> history = List.copyOf(bought.get(ids.get(i)));
        people.put(ids.get(i), new Person(history, history, Map.of(ALS.name(), rows.get(i))));
      }
    }
    heldOut.keySet().retainAll(people.keySet());
    List<float[]> vectors = vectors(folder.resolve("item-als48.fvecs.gz"));
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      String id = order.get(i);
      items.add(
          new Item(
              id,
              Map.of("description", descriptions.get(id)),
              popularity.getOrDefault(id, 0),
              isZero(vectors.get(i)) ? Map.of() : Map.of(ALS.name(), vectors.get(i))));
    }
    QuerySampler sampler =
        new QuerySampler(List.of(QuerySampler.Kind.of("description word", words)), seed);
    return new RankingSet(
        "online-retail",
        "Learned from purchases before "
            + SPLIT
            + "; right is what a customer bought for the first time from then on. A query is a word"
            + " of such a product's description that 10 to 500 descriptions have. Popularity is the"
            + " number of customers. A history's last items are those bought last.",
        List.of(new TextField("description", "english", 1)),
        true,
        List.of(ALS),
        items,
        people,
        likes,
        List.of(sampler.sample(heldOut, limits)),
        1);
  }

  private static boolean isZero(float[] vector) {
    for (float value : vector) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static List<float[]> vectors(Path file) throws IOException {
    return VecsFile.vectors(file);
  }
}

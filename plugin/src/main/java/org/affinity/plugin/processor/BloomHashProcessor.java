/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredVector;
import org.affinity.plugin.vector.VectorContent;
import org.opensearch.ingest.IngestDocument;

/**
 * {@code embedding_hash} with {@code method: bloom}: an id's vector is the sum of the table's rows
 * that its hashes point at (Serrà and Karatzoglou, "Getting deep recommenders fit", 2017), as
 * Spotlight's {@code BloomEmbedding} computes it: {@code murmurhash3_32(id, seed) % rows}, never
 * negative. Adds in float32, in the order of values and seeds.
 */
final class BloomHashProcessor extends FetchingProcessor {

  /** The seeds of Spotlight, in its order; a model with k hashes uses the first k. */
  static final List<Integer> SPOTLIGHT_SEEDS =
      List.of(
          179424941, 179425457, 179425907, 179426369, 179424977, 179425517, 179425943, 179426407,
          179424989, 179425529, 179425993, 179426447, 179425003, 179425537, 179426003, 179426453,
          179425019, 179425559, 179426029, 179426491, 179425027, 179425579, 179426081, 179426549);

  private static final int DEFAULT_HASHES = 4;
  private static final int MAX_HASHES = SPOTLIGHT_SEEDS.size();
  private static final int MAX_ROWS = 100_000_000;

  private final List<String> fields;
  private final String index;
  private final String sourceField;
  private final String idPrefix;
  private final int rows;
  private final List<Integer> seeds;
  private final Murmur3.KeyType keyType;
  private final Integer paddingId;
  private final VectorTarget target;
  private final boolean ignoreMissing;

  BloomHashProcessor(ProcessorConfig config, VectorFetch.Source vectors) {
    super(config, vectors.within(config.timeout()));
    this.fields = config.oneOrMore("field", "fields", SignedHashProcessor.MAX_FIELDS);
    this.index = config.index("index");
    this.sourceField = config.string("source_field");
    String prefix = config.optionalString("id_prefix");
    this.idPrefix = prefix == null ? "" : prefix;
    this.rows = config.integer("rows", 1, MAX_ROWS);
    List<Integer> given = config.optionalInts("seeds", MAX_HASHES);
    if (given != null && config.has("hashes")) {
      throw config.refuse("hashes", "and [seeds] exclude each other: there is a hash per seed");
    }
    Integer hashes = config.optionalInt("hashes", 1, MAX_HASHES);
    this.seeds =
        given == null
            ? SPOTLIGHT_SEEDS.subList(0, hashes == null ? DEFAULT_HASHES : hashes)
            : given;
    this.keyType = config.oneOf("key_type", Murmur3.KeyType.class, Murmur3.KeyType.AUTO);
    this.paddingId = config.optionalInt("padding_id", Integer.MIN_VALUE, Integer.MAX_VALUE);
    this.target = VectorTarget.read(config, config.string("target_field"));
    this.ignoreMissing = config.flag("ignore_missing", false);
  }

  @Override
  Work begin(IngestDocument document) {
    if (target.keeps(document)) {
      return Work.NONE;
    }
    List<StoredVector> needed = new ArrayList<>();
    for (String field : fields) {
      DocumentField source = new DocumentField(document, field);
      for (Object key : source.keys()) {
        for (int row : rowsOf(key, source)) {
          needed.add(new StoredVector(index, idPrefix + row, null, sourceField));
        }
      }
    }
    if (!needed.isEmpty()) {
      return new Sum(document, needed);
    }
    if (ignoreMissing) {
      return Work.NONE;
    }
    throw new DocumentField(document, String.join(", ", fields)).missing();
  }

  private int[] rowsOf(Object key, DocumentField source) {
    int[] hashed = new int[seeds.size()];
    if (paddingId != null && key.toString().equals(paddingId.toString())) {
      return hashed;
    }
    byte[] bytes;
    try {
      bytes = Murmur3.bytes(key, keyType);
    } catch (NumberFormatException e) {
      throw source.refuse(
          "holds ["
              + key
              + "], which is not an int32; number the ids as the model did, or set [key_type:"
              + " text]");
    }
    return rowsOf(bytes, seeds, rows);
  }

  static int[] rowsOf(byte[] key, List<Integer> seeds, int rows) {
    return seeds.stream().mapToInt(seed -> Math.floorMod(Murmur3.hash(key, seed), rows)).toArray();
  }

  private final class Sum implements Work {

    private final IngestDocument document;
    private final List<StoredVector> needed;

    Sum(IngestDocument document, List<StoredVector> needed) {
      this.document = document;
      this.needed = needed;
    }

    @Override
    public Collection<StoredVector> needs() {
      return new LinkedHashSet<>(needed);
    }

    @Override
    public void finish(Fetched vectors, WrittenNumbers written) throws Exception {
      float[] sum = null;
      for (StoredVector row : needed) {
        switch (vectors.get(row)) {
          case Fetched.Found<float[]> found -> sum = add(sum, found);
          case Fetched.Missing<float[]> missing ->
              throw new IllegalArgumentException(
                  missing.reason()
                      + ", a row of the table that "
                      + DocumentField.nameOf(document)
                      + " needs; load rows 0 to "
                      + (rows - 1)
                      + ", or correct [rows]");
          case Fetched.Failed<float[]> failed -> throw failed.cause();
        }
      }
      String what = "the sum of rows for " + DocumentField.nameOf(document);
      VectorContent.requireFinite(sum, what);
      target.put(document, sum, what, written);
    }

    private float[] add(float[] sum, Fetched.Found<float[]> row) {
      float[] values = row.value();
      if (sum != null && sum.length != values.length) {
        throw new IllegalArgumentException(
            row.what()
                + " has ["
                + values.length
                + "] values, other rows have ["
                + sum.length
                + "]; load one table");
      }
      return BloomHashProcessor.add(sum, values);
    }
  }

  /** Adds to a sum; one that is null begins with a copy, so that -0 stays what it is. */
  static float[] add(float[] sum, float[] row) {
    if (sum == null) {
      return Arrays.copyOf(row, row.length);
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += row[i];
    }
    return sum;
  }

  @Override
  public String getType() {
    return HashMethod.TYPE;
  }
}

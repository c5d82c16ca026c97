/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.test.OpenSearchTestCase;

/** Bit for bit what Python computes; {@code bench/study/hash_vectors.py} wrote the values. */
@SuppressWarnings("unchecked")
public class HashVectorsTests extends OpenSearchTestCase {

  private static Map<String, Object> expected() throws Exception {
    try (InputStream in = HashVectorsTests.class.getResourceAsStream("hash-vectors.json")) {
      return XContentHelper.convertToMap(JsonXContent.jsonXContent, in, true);
    }
  }

  public void testMurmurIsThatOfScikitLearn() throws Exception {
    for (Map<String, Object> one : (List<Map<String, Object>>) expected().get("murmur")) {
      byte[] key = Murmur3.bytes(one.get("key"), Murmur3.KeyType.AUTO);
      int seed = ((Number) one.get("seed")).intValue();
      assertEquals(one.toString(), one.get("hash"), Murmur3.hash(key, seed));
    }
  }

  public void testSignedIsThatOfFeatureHasher() throws Exception {
    for (Map<String, Object> one : (List<Map<String, Object>>) expected().get("signed")) {
      List<Double> vector = (List<Double>) one.get("vector");
      float[] hashed = SignedHashProcessor.hash((List<String>) one.get("tokens"), vector.size(), 0);
      for (int i = 0; i < hashed.length; i++) {
        assertEquals(one + " at " + i, vector.get(i), hashed[i], 0);
      }
    }
  }

  public void testBloomIsThatOfSpotlight() throws Exception {
    Map<String, Object> bloom = (Map<String, Object>) expected().get("bloom");
    assertEquals(bloom.get("seeds"), BloomHashProcessor.SPOTLIGHT_SEEDS);
    int rows = (int) bloom.get("table_rows");
    for (Map<String, Object> one : (List<Map<String, Object>>) bloom.get("by_hashes")) {
      List<Integer> seeds = BloomHashProcessor.SPOTLIGHT_SEEDS.subList(0, (int) one.get("hashes"));
      List<List<Integer>> expectedRows = (List<List<Integer>>) one.get("rows");
      for (int id = 0; id < expectedRows.size(); id++) {
        byte[] key = Murmur3.bytes(id, Murmur3.KeyType.AUTO);
        int[] got = BloomHashProcessor.rowsOf(key, seeds, rows);
        assertArrayEquals(expectedRows.get(id).stream().mapToInt(i -> i).toArray(), got);
        float[] sum = null;
        for (int row : got) {
          sum = BloomHashProcessor.add(sum, row(row, (int) bloom.get("dimension")));
        }
        assertEquals(((List<String>) one.get("sums")).get(id), ProcessorTestCase.base64(sum));
      }
    }
  }

  /** The table that the script made, too. */
  static float[] row(int row, int dimension) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) (((row * 37 + i * 11) % 101 - 50) / 7.0);
    }
    return values;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.affinity.ann.source.CutSource.Cut;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.BytesRef;

/** What is cut out comes back, and damage is named. */
public class CutSourceTests extends LuceneTestCase {

  public void testLayout() throws Exception {
    BytesRef json = new BytesRef("{\"v\":[1.0,2.5],\"w\":\"AACAPw==\"}");
    BytesRef cut =
        CutSource.cut(
            json,
            List.of(
                new Cut(5, 14, "v", 0, VectorForm.ARRAY),
                new Cut(19, 29, "w", 3, VectorForm.BASE64)));
    byte[] expected =
        concat(
            new byte[] {(byte) 0xFF, 'A', 'f', 1, 2, 1, 'v', 1, 'w', 2, 5, 0, 0, 5, 3, 3},
            "{\"v\":,\"w\":}".getBytes(StandardCharsets.UTF_8));
    assertArrayEquals(expected, BytesRef.deepCopyOf(cut).bytes);
    byte[] restored =
        CutSource.restore(
            cut,
            (field, before) -> {
              assertEquals(field.equals("v") ? 0 : 3, before);
              return field.equals("v") ? new float[] {1, 2.5f} : new float[] {1};
            });
    assertEquals(json, new BytesRef(restored));
  }

  public void testRandomPieces() throws Exception {
    for (int round = 0; round < 200; round++) {
      StringBuilder json = new StringBuilder();
      List<Cut> cuts = new ArrayList<>();
      List<float[]> vectors = new ArrayList<>();
      int pieces = random().nextInt(5);
      for (int i = 0; i < pieces; i++) {
        json.append(TestUtil.randomSimpleString(random(), 300));
        float[] vector = new float[1 + random().nextInt(20)];
        for (int d = 0; d < vector.length; d++) {
          do {
            vector[d] = Float.intBitsToFloat(random().nextInt());
          } while (!Float.isFinite(vector[d]));
        }
        VectorForm form = VectorForm.values()[random().nextInt(2)];
        int from = json.length();
        json.append(VectorFormTests.write(form, vector));
        cuts.add(new Cut(from, json.length(), "field" + i % 2, i, form));
        vectors.add(vector);
      }
      json.append(TestUtil.randomSimpleString(random(), 300));
      BytesRef whole = new BytesRef("##" + json + "#");
      whole.offset += 2;
      whole.length -= 3;
      BytesRef cut = CutSource.cut(whole, cuts);
      assertTrue(CutSource.isCut(cut));
      assertFalse(CutSource.isCut(whole));
      BytesRef moved = new BytesRef(concat(new byte[7], concat(cut.bytes, new byte[3])));
      moved.offset = 7;
      moved.length = cut.length;
      byte[] restored = CutSource.restore(moved, (field, before) -> vectors.get(before));
      assertEquals(whole, new BytesRef(restored));
    }
  }

  public void testWhatIsNotCut() {
    for (byte[] bytes :
        new byte[][] {{}, {(byte) 0xFF}, {(byte) 0xFF, 'A', 'f'}, {(byte) 0xFF, 'A', 'f', 2}}) {
      assertFalse(CutSource.isCut(new BytesRef(bytes)));
    }
    assertFalse(CutSource.isCut(new BytesRef("filling gaps")));
  }

  public void testDamage() {
    byte[] magic = {(byte) 0xFF, 'A', 'f', 1};
    for (byte[] rest :
        new byte[][] {{}, {0, 1, 9, 0, 0}, {0, 1, 0, 0, 0}, {1, 1, 'v', 1, 0, 0, 8}, {0, 5}}) {
      BytesRef damaged = new BytesRef(concat(magic, rest));
      CorruptIndexException e =
          expectThrows(
              CorruptIndexException.class,
              () -> CutSource.restore(damaged, (field, before) -> new float[] {1}));
      assertTrue(e.getMessage(), e.getMessage().contains("malformed"));
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}

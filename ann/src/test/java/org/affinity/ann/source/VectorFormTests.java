/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What is written is the same float again, also for who parses doubles. */
public class VectorFormTests extends LuceneTestCase {

  static String write(VectorForm form, float... vector) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    form.write(vector, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  public void testArrays() {
    assertEquals("[1.0,-0.0,1.0E-4,0.1]", write(VectorForm.ARRAY, 1, -0f, 0.0001f, 0.1f));
    assertEquals("[0.1]", write(VectorForm.ARRAY, (float) 0.1));
  }

  public void testBase64() {
    assertEquals("\"AACAPwAAAMA=\"", write(VectorForm.BASE64, 1, -2));
  }

  public void testFloatsSurviveBeingReadAsDoubles() {
    int top = Float.floatToIntBits(Float.MAX_VALUE);
    int step = TEST_NIGHTLY ? 1 : 20_011;
    for (int bits = random().nextInt(step); bits >= 0 && bits <= top; bits += step) {
      assertSurvives(bits);
      assertSurvives(bits | 0x80000000);
    }
    assertSurvives(0);
    assertSurvives(1);
    assertSurvives(top);
    assertSurvives(0x80000000);
    assertSurvives(Float.floatToIntBits(Float.MIN_NORMAL));
  }

  public void testTheOneFloatThatIsRoundedTwice() {
    float f = 7.038531E-26f;
    assertNotEquals("why it is special", f, (float) Double.parseDouble(Float.toString(f)), 0);
    assertSurvives(Float.floatToIntBits(f));
    assertSurvives(Float.floatToIntBits(-f));
  }

  private static void assertSurvives(int bits) {
    String text = write(VectorForm.ARRAY, Float.intBitsToFloat(bits));
    String number = text.substring(1, text.length() - 1);
    assertEquals(text, bits, Float.floatToRawIntBits((float) Double.parseDouble(number)));
    assertEquals(text, bits, Float.floatToRawIntBits(Float.parseFloat(number)));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class ReservoirSamplerTests {

  @Test
  public void testShortStreamIsKeptWhole() {
    ReservoirSampler sampler = new ReservoirSampler(10, 1);
    float[] reused = new float[1];
    for (int i = 0; i < 7; i++) {
      reused[0] = i;
      sampler.add(reused);
    }
    assertEquals(7, sampler.seen());
    assertEquals(7, sampler.sample().size());
    for (int i = 0; i < 7; i++) {
      assertArrayEquals(new float[] {i}, sampler.sample().get(i), 0);
    }
  }

  @Test
  public void testLongStreamIsSampledUniformly() {
    int[] kept = new int[100];
    for (int seed = 0; seed < 4000; seed++) {
      ReservoirSampler sampler = new ReservoirSampler(10, seed);
      for (int i = 0; i < 100; i++) {
        sampler.add(new float[] {i});
      }
      assertEquals(10, sampler.sample().size());
      sampler.sample().forEach(v -> kept[(int) v[0]]++);
    }
    for (int i = 0; i < 100; i++) {
      // Expected 400 each, standard deviation 19.
      assertEquals("how often item " + i + " was kept", 400, kept[i], 120);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.affinity.quantization.TestQuantizers.assertRefused;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.affinity.quantization.TestQuantizers.Kind;
import org.junit.Test;

public class QuantizerBytesTests extends RandomizedTest {

  private static final int VERSION_AT = 4;
  private static final int METRIC_AT = 8;
  private static final int BITS_AT = 9;
  private static final int ESTIMATOR_AT = 10;
  private static final int DIMENSION_AT = 12;
  private static final int M_AT = 16;
  private static final int MEAN_AT = 20;

  private static final Kind SMALL =
      new Kind(Metric.INNER_PRODUCT, Estimator.PLAIN, new PqParameters(2, 2, 4));
  private static final int CENTROIDS_AT = MEAN_AT + 4 * 2;
  private static final int BEHIND_CENTROIDS = CENTROIDS_AT + 4 * 2 * 16;
  private static final int TRIALS_AT = BEHIND_CENTROIDS + 4 + 8 + 8;

  private static final Kind ROTATED =
      new Kind(
          Metric.INNER_PRODUCT,
          new Estimator(true, false, false, false),
          new PqParameters(2, 2, 4));
  private static final int ROWS_AT = BEHIND_CENTROIDS + 4;
  private static final int TARGETS_AT = ROWS_AT + 4 * 2 * 2;

  private static void checkRoundTrip(ProductQuantizer quantizer) {
    byte[] bytes = quantizer.toBytes();
    ProductQuantizer read = ProductQuantizer.fromBytes(bytes);
    assertEquals(quantizer, read);
    assertEquals(quantizer.metric(), read.metric());
    assertEquals(quantizer.parameters(), read.parameters());
    assertEquals(quantizer.training(), read.training());
    assertArrayEquals(bytes, read.toBytes());
    float[] vector = TestVectors.gaussian(getRandom(), quantizer.parameters().dimension());
    byte[] record = TestQuantizers.encoded(quantizer, vector);
    assertArrayEquals(record, TestQuantizers.encoded(read, vector));
    assertEquals(quantizer.bind(vector).score(record, 0), read.bind(vector).score(record, 0), 0);
  }

  @Test
  public void testRoundTripOfAllKinds() {
    for (int i = 0; i < 3; i++) {
      int dimension = randomIntBetween(1, 40);
      for (Kind kind : TestQuantizers.kinds(dimension, randomIntBetween(1, dimension))) {
        checkRoundTrip(TestQuantizers.random(getRandom(), kind));
      }
    }
  }

  @Test
  public void testRoundTripOfATrainingWithTrials() {
    for (Metric metric : Metric.values()) {
      ProductQuantizer quantizer =
          new ProductQuantizerTrainer(new PqParameters(6, 3, 4), metric, 1)
              .train(TestVectors.correlated(getRandom(), 6, 2, 2100));
      assertTrue(!quantizer.training().trials().isEmpty());
      checkRoundTrip(quantizer);
    }
  }

  @Test
  public void testRoundTripOfARotationInBlocks() {
    int dimension = 1100;
    List<float[]> sample = TestVectors.gaussians(getRandom(), dimension, 20);
    PqParameters parameters = new PqParameters(dimension, 20, 4);
    Frame frame = Frame.centred(Metric.L2, sample);
    ProductQuantizer quantizer =
        new ProductQuantizer(
            frame.turned(Rotation.Axes.of(sample).balanced(parameters)),
            new Codebook(parameters, false, TestVectors.gaussian(getRandom(), dimension * 16)),
            new Estimator(true, false, false, false),
            new Training(20, new ReconstructionError(1, 0.5), List.of()));
    checkRoundTrip(quantizer);
  }

  @Test
  public void testTheFormIsAsDocumented() {
    Estimator estimator = new Estimator(false, true, true, false);
    Kind kind = new Kind(Metric.INNER_PRODUCT, estimator, new PqParameters(3, 2, 6));
    ProductQuantizer quantizer = TestQuantizers.random(getRandom(), kind);
    ByteBuffer in = ByteBuffer.wrap(quantizer.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[4];
    in.get(magic);
    assertEquals("APQ1", new String(magic, StandardCharsets.US_ASCII));
    assertEquals(1, in.getInt());
    assertEquals(0, in.get());
    assertEquals(6, in.get());
    assertEquals(2 + 4, in.get());
    assertEquals(0, in.get());
    assertEquals(3, in.getInt());
    assertEquals(2, in.getInt());
    assertEquals(20 + 4 * 3 + 4 * 3 * 64 + 24 + 4, in.capacity());
  }

  private static byte[] small() {
    return TestQuantizers.random(getRandom(), SMALL).toBytes();
  }

  @Test
  public void testEveryChangedByteIsNoticed() {
    byte[] bytes = small();
    for (int i = 0; i < bytes.length; i++) {
      for (int change = 1; change < 256; change++) {
        byte[] changed = bytes.clone();
        changed[i] = (byte) (changed[i] ^ change);
        assertThrows(
            "byte " + i, IllegalArgumentException.class, () -> ProductQuantizer.fromBytes(changed));
      }
    }
  }

  @Test
  public void testEveryTruncationIsNoticed() {
    for (Kind kind : List.of(SMALL, ROTATED)) {
      byte[] bytes = TestQuantizers.random(getRandom(), kind).toBytes();
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThrows(
            length + " bytes",
            IllegalArgumentException.class,
            () -> ProductQuantizer.fromBytes(cut));
      }
    }
  }

  @Test
  public void testEveryTruncationWithAChecksumIsNoticed() {
    for (Kind kind : List.of(SMALL, ROTATED)) {
      byte[] bytes = TestQuantizers.random(getRandom(), kind).toBytes();
      for (int length = 4; length < bytes.length; length++) {
        byte[] cut = checksummed(Arrays.copyOf(bytes, length));
        assertThrows(
            length + " bytes",
            IllegalArgumentException.class,
            () -> ProductQuantizer.fromBytes(cut));
      }
    }
  }

  @Test
  public void testAppendedBytesAreNoticed() {
    byte[] bytes = small();
    for (int more : new int[] {1, 4, 100}) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + more);
      assertRefused("were changed", () -> ProductQuantizer.fromBytes(longer));
      assertRefused(
          more + " bytes too many", () -> ProductQuantizer.fromBytes(checksummed(longer.clone())));
    }
  }

  @Test
  public void testForeignBytesAreRefused() {
    for (int i = 0; i < 200; i++) {
      byte[] foreign = new byte[randomIntBetween(0, 300)];
      getRandom().nextBytes(foreign);
      assertRefused("no product quantizer", () -> ProductQuantizer.fromBytes(foreign));
    }
  }

  @Test
  public void testAnotherVersionIsNamed() {
    for (int version : new int[] {0, 2, 77, -1}) {
      byte[] bytes = small();
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(VERSION_AT, version);
      assertRefused("of version " + version, () -> ProductQuantizer.fromBytes(bytes));
    }
  }

  private static byte[] checksummed(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length - 4, (int) checksum.getValue());
    return bytes;
  }

  /** Bytes that somebody changed and gave the right checksum. */
  private static byte[] forged(Kind kind, Consumer<ByteBuffer> change) {
    byte[] bytes = TestQuantizers.random(getRandom(), kind).toBytes();
    change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return checksummed(bytes);
  }

  private static void assertForgeryRefused(String words, Kind kind, Consumer<ByteBuffer> change) {
    byte[] bytes = forged(kind, change);
    assertRefused(words, () -> ProductQuantizer.fromBytes(bytes));
  }

  @Test
  public void testNoForgeryIsNoForgery() {
    assertEquals(
        SMALL.parameters(), ProductQuantizer.fromBytes(forged(SMALL, b -> {})).parameters());
  }

  @Test
  public void testForgedDimensions() {
    for (int dimension : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertForgeryRefused("dimension must be", SMALL, b -> b.putInt(DIMENSION_AT, dimension));
    }
    for (int dimension : new int[] {3, 1000, 1 << 23, 1 << 29, 1 << 30, Integer.MAX_VALUE}) {
      assertForgeryRefused("ends early", SMALL, b -> b.putInt(DIMENSION_AT, dimension));
    }
    assertForgeryRefused("m must be", SMALL, b -> b.putInt(DIMENSION_AT, 1));
  }

  @Test
  public void testForgedDimensionWithItsMeanThere() {
    // Every value of the mean is there; centroids are more than an array can hold.
    int dimension = 1 << 23;
    ByteBuffer out =
        ByteBuffer.allocate(MEAN_AT + 4 * dimension + 28).order(ByteOrder.LITTLE_ENDIAN);
    out.put(small(), 0, MEAN_AT);
    out.put(BITS_AT, (byte) 8).putInt(DIMENSION_AT, dimension);
    byte[] bytes = checksummed(out.array());
    assertThrows(IllegalArgumentException.class, () -> ProductQuantizer.fromBytes(bytes));
  }

  @Test
  public void testForgedNumberOfSubspaces() {
    for (int m : new int[] {0, -1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertForgeryRefused("m must be between", SMALL, b -> b.putInt(M_AT, m));
    }
  }

  @Test
  public void testForgedBits() {
    for (int bits : new int[] {0, 5, 7, 9, 127, -8}) {
      assertForgeryRefused("bits must be", SMALL, b -> b.put(BITS_AT, (byte) bits));
    }
    assertForgeryRefused("ends early", SMALL, b -> b.put(BITS_AT, (byte) 8));
  }

  @Test
  public void testForgedMetric() {
    for (int metric : new int[] {3, 127, -1}) {
      assertForgeryRefused("unknown metric " + metric, SMALL, b -> b.put(METRIC_AT, (byte) metric));
    }
  }

  @Test
  public void testForgedEstimator() {
    for (int flags : new int[] {16, 32, 64, -128, -1}) {
      assertForgeryRefused(
          "unknown estimator " + flags, SMALL, b -> b.put(ESTIMATOR_AT, (byte) flags));
    }
    assertForgeryRefused("residual", SMALL, b -> b.put(ESTIMATOR_AT, (byte) 8));
    assertForgeryRefused("residual", SMALL, b -> b.put(ESTIMATOR_AT, (byte) 12));
    assertForgeryRefused(
        "directions are for inner products",
        SMALL,
        b -> b.put(METRIC_AT, (byte) 1).put(ESTIMATOR_AT, (byte) 2));
    assertForgeryRefused(
        "a scalar estimates", SMALL, b -> b.put(METRIC_AT, (byte) 2).put(ESTIMATOR_AT, (byte) 4));
  }

  @Test
  public void testForgedValues() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertForgeryRefused("not a finite", SMALL, b -> b.putFloat(MEAN_AT + 4, value));
      assertForgeryRefused("not a finite", SMALL, b -> b.putFloat(CENTROIDS_AT + 40, value));
      assertForgeryRefused("not a finite", ROTATED, b -> b.putFloat(ROWS_AT, value));
    }
    assertForgeryRefused("orthogonal matrix", ROTATED, b -> b.putFloat(ROWS_AT, 2));
  }

  @Test
  public void testForgedRotation() {
    assertForgeryRefused("no permutation", ROTATED, b -> b.putInt(TARGETS_AT, 2));
    assertForgeryRefused("no permutation", ROTATED, b -> b.putInt(TARGETS_AT, -1));
    assertForgeryRefused(
        "no permutation", ROTATED, b -> b.putInt(TARGETS_AT, 1).putInt(TARGETS_AT + 4, 1));
    for (int block : new int[] {0, -1, 3, Integer.MAX_VALUE}) {
      assertForgeryRefused("no blocks of", ROTATED, b -> b.putInt(BEHIND_CENTROIDS, block));
    }
  }

  @Test
  public void testForgedTrials() {
    for (int count : new int[] {-1, Integer.MIN_VALUE}) {
      assertForgeryRefused(count + " trials", SMALL, b -> b.putInt(TRIALS_AT, count));
    }
    for (int count : new int[] {1, 1 << 30, Integer.MAX_VALUE}) {
      assertForgeryRefused("ends early", SMALL, b -> b.putInt(TRIALS_AT, count));
    }
  }

  /** Puts extreme values everywhere: what is read is refused or whole. */
  @Test
  public void testForgedAnywhere() {
    List<Kind> kinds = new ArrayList<>(List.of(SMALL, ROTATED));
    kinds.add(
        new Kind(Metric.COSINE, new Estimator(true, false, true, true), new PqParameters(3, 2)));
    for (Kind kind : kinds) {
      byte[] bytes = TestQuantizers.random(getRandom(), kind).toBytes();
      for (int i = METRIC_AT; i < bytes.length - 8; i++) {
        if (i > 200 && i < bytes.length - 200) {
          continue;
        }
        for (int value : new int[] {0, -1, 1, 1 << 30, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
          checkForged(bytes.clone(), i, value);
        }
        checkForged(bytes.clone(), i, getRandom().nextInt());
      }
    }
  }

  private static void checkForged(byte[] bytes, int at, int value) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    ProductQuantizer read;
    try {
      read = ProductQuantizer.fromBytes(checksummed(bytes));
    } catch (IllegalArgumentException e) {
      assertTrue(!e.getMessage().isEmpty());
      return;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("value " + value + " at " + at, e);
    }
    TestQuantizers.encoded(read, new float[read.parameters().dimension()]);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Two vectors of one length, in registers of 256 bits: the lanes of {@link ScalarPairs} in two, the
 * upper half in one of their own, added up by shuffles, because a reduction of the Vector API
 * leaves its order open. Load this class only where the Vector API is there.
 */
final class VectorPairs {

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  static final VectorSpecies<Float> HALVES = FloatVector.SPECIES_128;
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_256;
  private static final int WIDTH = FLOATS.length();
  private static final int HALF = HALVES.length();

  private static final VectorShuffle<Float> FLOATS1 = partners(FLOATS, 1);
  private static final VectorShuffle<Float> FLOATS2 = partners(FLOATS, 2);
  private static final VectorShuffle<Float> FLOATS4 = partners(FLOATS, 4);
  private static final VectorShuffle<Double> DOUBLES1 = partners(DOUBLES, 1);
  private static final VectorShuffle<Double> DOUBLES2 = partners(DOUBLES, 2);

  private VectorPairs() {}

  private static <E> VectorShuffle<E> partners(VectorSpecies<E> species, int apart) {
    return VectorShuffle.fromOp(species, lane -> lane ^ apart);
  }

  static float dot(float[] a, float[] b) {
    int end = a.length - a.length % ScalarPairs.FLOATS;
    FloatVector low = FloatVector.zero(FLOATS);
    FloatVector high = low;
    for (int i = 0; i < end; i += ScalarPairs.FLOATS) {
      int j = i + WIDTH;
      low = low.add(FloatVector.fromArray(FLOATS, a, i).mul(FloatVector.fromArray(FLOATS, b, i)));
      high = high.add(FloatVector.fromArray(FLOATS, a, j).mul(FloatVector.fromArray(FLOATS, b, j)));
    }
    return (eight(low) + eight(high)) + ScalarPairs.dotFrom(a, b, end);
  }

  static float squareDistance(float[] a, float[] b) {
    int end = a.length - a.length % ScalarPairs.FLOATS;
    FloatVector low = FloatVector.zero(FLOATS);
    FloatVector high = low;
    for (int i = 0; i < end; i += ScalarPairs.FLOATS) {
      int j = i + WIDTH;
      FloatVector d = FloatVector.fromArray(FLOATS, a, i).sub(FloatVector.fromArray(FLOATS, b, i));
      FloatVector e = FloatVector.fromArray(FLOATS, a, j).sub(FloatVector.fromArray(FLOATS, b, j));
      low = low.add(d.mul(d));
      high = high.add(e.mul(e));
    }
    return (eight(low) + eight(high)) + ScalarPairs.distanceFrom(a, b, end);
  }

  static float cosine(float[] a, float[] b) {
    int end = a.length - a.length % ScalarPairs.DOUBLES;
    DoubleVector dot = DoubleVector.zero(DOUBLES);
    DoubleVector normA = dot;
    DoubleVector normB = dot;
    DoubleVector highDot = dot;
    DoubleVector highNormA = dot;
    DoubleVector highNormB = dot;
    for (int i = 0; i < end; i += ScalarPairs.DOUBLES) {
      DoubleVector x = doubles(a, i);
      DoubleVector y = doubles(b, i);
      DoubleVector highX = doubles(a, i + HALF);
      DoubleVector highY = doubles(b, i + HALF);
      dot = dot.add(x.mul(y));
      normA = normA.add(x.mul(x));
      normB = normB.add(y.mul(y));
      highDot = highDot.add(highX.mul(highY));
      highNormA = highNormA.add(highX.mul(highX));
      highNormB = highNormB.add(highY.mul(highY));
    }
    return ScalarPairs.cosine(
        (four(dot) + four(highDot)) + ScalarPairs.doubleDotFrom(a, b, end),
        (four(normA) + four(highNormA)) + ScalarPairs.doubleDotFrom(a, a, end),
        (four(normB) + four(highNormB)) + ScalarPairs.doubleDotFrom(b, b, end));
  }

  static DoubleVector doubles(float[] values, int at) {
    return doubles(FloatVector.fromArray(HALVES, values, at));
  }

  static DoubleVector doubles(FloatVector floats) {
    return (DoubleVector) floats.convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  static float eight(FloatVector sums) {
    FloatVector pairs = sums.add(sums.rearrange(FLOATS1));
    FloatVector fours = pairs.add(pairs.rearrange(FLOATS2));
    return fours.add(fours.rearrange(FLOATS4)).lane(0);
  }

  static double four(DoubleVector sums) {
    DoubleVector pairs = sums.add(sums.rearrange(DOUBLES1));
    return pairs.add(pairs.rearrange(DOUBLES2)).lane(0);
  }
}

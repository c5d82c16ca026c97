/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Two vectors of one length: the lanes of {@link ScalarPairs} in a register of 512 bits, added up
 * by shuffles, because a reduction of the Vector API leaves its order open. Load this class only
 * where the Vector API is there.
 */
final class Pairs512 {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Float> HALVES = FloatVector.SPECIES_256;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;

  private static final VectorShuffle<Float> FLOATS1 = partners(FLOATS, 1);
  private static final VectorShuffle<Float> FLOATS2 = partners(FLOATS, 2);
  private static final VectorShuffle<Float> FLOATS4 = partners(FLOATS, 4);
  private static final VectorShuffle<Float> FLOATS8 = partners(FLOATS, 8);
  private static final VectorShuffle<Double> DOUBLES1 = partners(DOUBLES, 1);
  private static final VectorShuffle<Double> DOUBLES2 = partners(DOUBLES, 2);
  private static final VectorShuffle<Double> DOUBLES4 = partners(DOUBLES, 4);

  private Pairs512() {}

  private static <E> VectorShuffle<E> partners(VectorSpecies<E> species, int apart) {
    return VectorShuffle.fromOp(species, lane -> lane ^ apart);
  }

  static float dot(float[] a, float[] b) {
    int end = a.length - a.length % ScalarPairs.FLOATS;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < end; i += ScalarPairs.FLOATS) {
      sum = sum.add(FloatVector.fromArray(FLOATS, a, i).mul(FloatVector.fromArray(FLOATS, b, i)));
    }
    return all(sum) + ScalarPairs.dotFrom(a, b, end);
  }

  static float squareDistance(float[] a, float[] b) {
    int end = a.length - a.length % ScalarPairs.FLOATS;
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < end; i += ScalarPairs.FLOATS) {
      FloatVector d = FloatVector.fromArray(FLOATS, a, i).sub(FloatVector.fromArray(FLOATS, b, i));
      sum = sum.add(d.mul(d));
    }
    return all(sum) + ScalarPairs.distanceFrom(a, b, end);
  }

  static float cosine(float[] a, float[] b) {
    int end = a.length - a.length % ScalarPairs.DOUBLES;
    DoubleVector dot = DoubleVector.zero(DOUBLES);
    DoubleVector normA = dot;
    DoubleVector normB = dot;
    for (int i = 0; i < end; i += ScalarPairs.DOUBLES) {
      DoubleVector x = doubles(a, i);
      DoubleVector y = doubles(b, i);
      dot = dot.add(x.mul(y));
      normA = normA.add(x.mul(x));
      normB = normB.add(y.mul(y));
    }
    return ScalarPairs.cosine(
        all(dot) + ScalarPairs.doubleDotFrom(a, b, end),
        all(normA) + ScalarPairs.doubleDotFrom(a, a, end),
        all(normB) + ScalarPairs.doubleDotFrom(b, b, end));
  }

  private static DoubleVector doubles(float[] values, int at) {
    return (DoubleVector)
        FloatVector.fromArray(HALVES, values, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  private static float all(FloatVector sums) {
    FloatVector pairs = sums.add(sums.rearrange(FLOATS1));
    FloatVector fours = pairs.add(pairs.rearrange(FLOATS2));
    FloatVector eights = fours.add(fours.rearrange(FLOATS4));
    return eights.add(eights.rearrange(FLOATS8)).lane(0);
  }

  private static double all(DoubleVector sums) {
    DoubleVector pairs = sums.add(sums.rearrange(DOUBLES1));
    DoubleVector fours = pairs.add(pairs.rearrange(DOUBLES2));
    return fours.add(fours.rearrange(DOUBLES4)).lane(0);
  }
}

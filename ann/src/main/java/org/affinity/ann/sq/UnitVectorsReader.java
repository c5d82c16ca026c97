/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.sq;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** Another reader's vectors, those of fields under cosine scaled to length 1. */
final class UnitVectorsReader extends FlatVectorsReader {

  private final FlatVectorsReader raw;
  private final FieldInfos infos;

  UnitVectorsReader(FlatVectorsReader raw, FieldInfos infos) {
    this.raw = raw;
    this.infos = infos;
  }

  @Override
  public FloatVectorValues getFloatVectorValues(String field) throws IOException {
    FloatVectorValues values = raw.getFloatVectorValues(field);
    boolean cosine =
        infos.fieldInfo(field).getVectorSimilarityFunction() == VectorSimilarityFunction.COSINE;
    return values == null || !cosine ? values : new UnitVectors(values);
  }

  private static final class UnitVectors extends FloatVectorValues {

    private final FloatVectorValues values;
    private final float[] scaled;

    UnitVectors(FloatVectorValues values) {
      this.values = values;
      this.scaled = new float[values.dimension()];
    }

    @Override
    public float[] vectorValue(int ord) throws IOException {
      System.arraycopy(values.vectorValue(ord), 0, scaled, 0, scaled.length);
      return VectorUtil.l2normalize(scaled, false);
    }

    @Override
    public FloatVectorValues copy() throws IOException {
      return new UnitVectors(values.copy());
    }

    @Override
    public int dimension() {
      return values.dimension();
    }

    @Override
    public int size() {
      return values.size();
    }

    @Override
    public int ordToDoc(int ord) {
      return values.ordToDoc(ord);
    }

    @Override
    public DocIndexIterator iterator() {
      return values.iterator();
    }
  }

  @Override
  public ByteVectorValues getByteVectorValues(String field) throws IOException {
    return raw.getByteVectorValues(field);
  }

  @Override
  public FlatVectorsScorer getFlatVectorScorer(String field) throws IOException {
    return raw.getFlatVectorScorer(field);
  }

  @Override
  public RandomVectorScorer getRandomVectorScorer(String field, float[] target) throws IOException {
    return raw.getRandomVectorScorer(field, target);
  }

  @Override
  public RandomVectorScorer getRandomVectorScorer(String field, byte[] target) throws IOException {
    return raw.getRandomVectorScorer(field, target);
  }

  @Override
  public Map<String, Long> getOffHeapByteSize(FieldInfo info) {
    return raw.getOffHeapByteSize(info);
  }

  @Override
  public void checkIntegrity() throws IOException {
    raw.checkIntegrity();
  }

  @Override
  public long ramBytesUsed() {
    return raw.ramBytesUsed();
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}

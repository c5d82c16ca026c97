/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.ivf;

import java.io.IOException;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.affinity.ann.pq.QuantizerSource;
import org.affinity.ann.pq.SegmentFiles;
import org.affinity.ann.pq.SharedQuantizers;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Inverted lists of product-quantized vectors, with the raw floats beside them. A search scans the
 * codes in the lists nearest to its query, block by block, and rescores the best on raw floats:
 * scores are exact, and a larger {@code k} both scans and rescores more.
 *
 * <p>Segments with fewer vectors than {@link org.affinity.ann.pq.PqEncoding#minVectors}, or from
 * which no codebook can be learned, hold raw floats only and are searched exactly; medium ones have
 * a single list. Byte vectors are stored by Lucene's flat format alone.
 *
 * <p>Raw floats and which document has which ordinal are {@link Lucene99FlatVectorsFormat}'s {@code
 * .vec} and {@code .vemf}, untouched. Of our own files all begin with an index header, end with a
 * footer and are little-endian.
 *
 * <h2>.ivm (meta) file</h2>
 *
 * <p>Codec {@value #META_CODEC_NAME}. For each float field:
 *
 * <ul>
 *   <li><b>[int32]</b> field number, or -1 after the last field
 *   <li><b>[int32]</b> vector similarity: 0 euclidean, 1 dot product, 2 cosine, 3 maximum inner
 *       product
 *   <li><b>[vint]</b> dimension d
 *   <li><b>[vint]</b> number of vectors
 *   <li><b>[vint]</b> bytes of a record; 0: this field has no lists here and the record ends
 *   <li><b>[vint]</b> lists; <b>[vint]</b> groups of lists; <b>[vint]</b> most lists to scan, 0 for
 *       no limit
 *   <li><b>[byte]</b> 1 if centroids are those of vectors scaled to length 1, else 0
 *   <li><b>[int32]</b> float32 bits of the mean squared distance of vectors from their centroids
 *   <li><b>[vlong]</b> offset and <b>[vlong]</b> length of the quantizer in the .ivq file
 *   <li><b>[vlong]</b> offset of the field in the .ivx file
 *   <li><b>[vlong]</b> offset and <b>[vlong]</b> length of the lists in the .ivl file
 * </ul>
 *
 * <h2>.ivq (quantizer) file</h2>
 *
 * <p>Codec {@value #QUANTIZER_CODEC_NAME}. For each field with lists: the {@link
 * org.affinity.quantization.ProductQuantizer#toBytes quantizer}.
 *
 * <h2>.ivx (centroids) file</h2>
 *
 * <p>Codec {@value #CENTROIDS_CODEC_NAME}. For each field with lists, from a multiple of 64 bytes
 * on:
 *
 * <ul>
 *   <li><b>[int32]</b> per group: number of its lists; lists of a group follow each other
 *   <li><b>[float32]</b> per group: d coordinates of its centroid
 *   <li><b>[float32]</b> per list: d coordinates of its centroid
 *   <li>per list 32 bytes: <b>[int64]</b> where it starts among the field's lists, <b>[int32]</b>
 *       number of vectors, <b>[int32]</b> bits of an ordinal, <b>[float32]</b> largest distance of
 *       a vector from the centroid, <b>[float32]</b> largest length of a vector, <b>[float32]</b>
 *       least and <b>[float32]</b> largest weight (both 1 where records have none)
 * </ul>
 *
 * <h2>.ivl (lists) file</h2>
 *
 * <p>Codec {@value #LISTS_CODEC_NAME}. For each field with lists, from a multiple of 64 bytes on,
 * list by list, the blocks of up to 128 vectors each, in ascending order of ordinals. A block, of
 * one length throughout a list:
 *
 * <ul>
 *   <li>128 · L bytes: codes of L bytes each, transposed ({@link
 *       org.affinity.quantization.simd.BlockLayout}); a last block is filled up with zeros
 *   <li>256 bytes, only where records have a weight: 128 weights, bfloat16
 *   <li>16 · b bytes: 128 numbers of b bits each, lowest bit first: ordinal minus the block's first
 *   <li><b>[int64]</b> the block's first ordinal
 *   <li>zeros up to the next multiple of 64 bytes
 * </ul>
 */
public final class AffinityIvfPqVectorsFormat extends KnnVectorsFormat {

  /** SPI name; stands in every segment written, for ever. */
  public static final String NAME = "AffinityIvfPq1";

  static final String META_CODEC_NAME = "AffinityIvfMeta";
  static final String META_EXTENSION = "ivm";
  static final String QUANTIZER_CODEC_NAME = "AffinityIvfQuantizer";
  static final String QUANTIZER_EXTENSION = "ivq";
  static final String CENTROIDS_CODEC_NAME = "AffinityIvfCentroids";
  static final String CENTROIDS_EXTENSION = "ivx";
  static final String LISTS_CODEC_NAME = "AffinityIvfLists";
  static final String LISTS_EXTENSION = "ivl";
  static final int VERSION_START = 0;
  static final int VERSION_CURRENT = VERSION_START;
  static final SegmentFiles FILES = new SegmentFiles(VERSION_START, VERSION_CURRENT);
  static final int ALIGNMENT = 64;

  private static final FlatVectorsFormat RAW =
      new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

  private final IvfParameters parameters;
  private final QuantizerSource source;

  /** Of the segments that this format reads. */
  private final SharedQuantizers shared = new SharedQuantizers();

  /** For SPI: reads any segment, writes with {@link IvfParameters#DEFAULT}. */
  public AffinityIvfPqVectorsFormat() {
    this(IvfParameters.DEFAULT);
  }

  public AffinityIvfPqVectorsFormat(IvfParameters parameters) {
    super(NAME);
    this.parameters = parameters;
    this.source = new QuantizerSource(parameters.encoding());
  }

  @Override
  public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return new AffinityIvfPqVectorsWriter(state, parameters, source, RAW.fieldsWriter(state));
  }

  @Override
  public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    return new AffinityIvfPqVectorsReader(state, RAW.fieldsReader(state), shared);
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return PqFlatVectorsFormat.MAX_DIMENSIONS;
  }

  @Override
  public String toString() {
    return NAME + "(" + parameters + ")";
  }
}

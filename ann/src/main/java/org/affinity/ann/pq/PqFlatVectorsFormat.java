/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Flat float vectors with a product-quantization code beside each, in the segments that are large
 * enough ({@link PqEncoding}). Every segment carries its own codebook, so it can be copied,
 * replicated and restored on its own. Byte vectors are stored by Lucene's flat format alone.
 *
 * <p>A search scans codes where there are some, and rescores what it found on raw floats unless its
 * caller does ({@link org.affinity.ann.search.CandidateSearch}); otherwise it scans raw floats.
 * Graphs are built on the raw floats: a graph built on codes loses recall that rescoring cannot
 * give back.
 *
 * <p>Under {@code COSINE} the codes are those of the vectors scaled to length 1. Vectors from which
 * no codebook can be learned, all equal for example, get no codes.
 *
 * <h2>.pqm (meta) file</h2>
 *
 * <p>Index header ({@value #META_CODEC_NAME}), then for each float field, then footer:
 *
 * <ul>
 *   <li><b>[int32]</b> field number, or -1 after the last field
 *   <li><b>[int32]</b> vector similarity: 0 euclidean, 1 dot product, 2 cosine, 3 maximum inner
 *       product
 *   <li><b>[vint]</b> dimension
 *   <li><b>[vint]</b> number of vectors
 *   <li><b>[vint]</b> bytes per vector in the .pqc file; 0: this field has no codes here and the
 *       record ends
 *   <li><b>[int8]</b> layout of the codes: 0 records, 1 blocks
 *   <li><b>[float32]</b> lowest and <b>[float32]</b> highest weight of the records; 1 and 1 where
 *       they have none
 *   <li><b>[vlong]</b> offset and <b>[vlong]</b> length of the quantizer in the .pqb file
 *   <li><b>[vlong]</b> offset of the codes in the .pqc file
 * </ul>
 *
 * <h2>.pqb (codebook) file</h2>
 *
 * <p>Index header ({@value #CODEBOOK_CODEC_NAME}), then for each field with codes, then footer:
 *
 * <ul>
 *   <li>the field's {@link org.affinity.quantization.ProductQuantizer#toBytes quantizer}:
 *       centroids, rotation if any, what its training chose and reached
 * </ul>
 *
 * <h2>.pqc (codes) file</h2>
 *
 * <p>Index header ({@value #CODES_CODEC_NAME}), then for each field with codes, then footer:
 *
 * <ul>
 *   <li>zeros up to the next multiple of 64 bytes
 *   <li>layout 0: the records of all vectors by ordinal: codes ({@link
 *       org.affinity.quantization.simd.BlockLayout}) and, where the quantizer keeps one, a weight
 *       of two bytes
 *   <li>layout 1: blocks of 128 vectors, by ordinal: their codes transposed ({@link
 *       org.affinity.quantization.simd.BlockLayout}), then 128 weights of two bytes where the
 *       quantizer keeps them; the last block is filled up with zeros
 * </ul>
 *
 * <p>All numbers are little-endian.
 */
public final class PqFlatVectorsFormat extends FlatVectorsFormat {

  /** SPI name; stands in every segment written, for ever. */
  public static final String NAME = "AffinityFlatPq1";

  /** The longest vectors the formats of this project take. */
  public static final int MAX_DIMENSIONS = 4096;

  static final String META_CODEC_NAME = "AffinityPqMeta";
  static final String META_EXTENSION = "pqm";
  static final String CODEBOOK_CODEC_NAME = "AffinityPqCodebook";
  static final String CODEBOOK_EXTENSION = "pqb";
  static final String CODES_CODEC_NAME = "AffinityPqCodes";
  static final String CODES_EXTENSION = "pqc";
  static final int VERSION_START = 0;
  static final int VERSION_CURRENT = VERSION_START;
  static final SegmentFiles FILES = new SegmentFiles(VERSION_START, VERSION_CURRENT);
  static final int CODES_ALIGNMENT = 64;

  private static final FlatVectorsFormat RAW =
      new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

  private final PqEncoding encoding;
  private final CodeLayout layout;
  private final QuantizerSource source;

  /** For SPI: reads any segment, writes with {@link PqEncoding#AUTO}. */
  public PqFlatVectorsFormat() {
    this(PqEncoding.AUTO, CodeLayout.BLOCKS, new QuantizerSource(PqEncoding.AUTO, false));
  }

  /** Of the segments that this format reads. */
  private final SharedQuantizers shared = new SharedQuantizers();

  /** Alone: codes in blocks, which a search scans. */
  public PqFlatVectorsFormat(PqEncoding encoding) {
    this(encoding, CodeLayout.BLOCKS);
  }

  /** Under a graph: codes in records. */
  public PqFlatVectorsFormat(PqEncoding encoding, CodeLayout layout) {
    this(encoding, layout, new QuantizerSource(encoding));
  }

  private PqFlatVectorsFormat(PqEncoding encoding, CodeLayout layout, QuantizerSource source) {
    super(NAME);
    this.encoding = encoding;
    this.layout = layout;
    this.source = source;
  }

  @Override
  public FlatVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
    return new PqFlatVectorsWriter(
        state,
        source,
        layout,
        RAW.fieldsWriter(state),
        FlatVectorScorerUtil.getLucene99FlatVectorsScorer());
  }

  @Override
  public FlatVectorsReader fieldsReader(SegmentReadState state) throws IOException {
    return new PqFlatVectorsReader(state, RAW.fieldsReader(state), shared);
  }

  @Override
  public int getMaxDimensions(String fieldName) {
    return MAX_DIMENSIONS;
  }

  @Override
  public String toString() {
    return NAME + "(" + encoding + ")";
  }
}

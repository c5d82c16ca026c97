/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.pq;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.store.ChecksumIndexInput;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.FileDataHint;
import org.apache.lucene.store.FileTypeHint;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;

/**
 * The files of one of our formats in a segment: their names and headers.
 *
 * @param versionStart the oldest version that can be read
 * @param versionCurrent the version that is written
 */
public record SegmentFiles(int versionStart, int versionCurrent) {

  /** Reads what a meta file says of one field, after the field's number. */
  @FunctionalInterface
  public interface FieldRecord<T> {
    T read(FieldInfo field, IndexInput in) throws IOException;
  }

  /** Creates a file and writes its header. */
  public IndexOutput create(SegmentWriteState state, String extension, String codecName)
      throws IOException {
    String name =
        IndexFileNames.segmentFileName(state.segmentInfo.name, state.segmentSuffix, extension);
    IndexOutput out = state.directory.createOutput(name, state.context);
    try {
      CodecUtil.writeIndexHeader(
          out, codecName, versionCurrent, state.segmentInfo.getId(), state.segmentSuffix);
      return out;
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, out);
      throw t;
    }
  }

  /** Opens a file of vectors' data, with a look at its header and footer. */
  public IndexInput open(
      SegmentReadState state, String extension, String codecName, DataAccessHint access)
      throws IOException {
    IndexInput in =
        state.directory.openInput(
            fileName(state, extension),
            state.context.withHints(FileTypeHint.DATA, FileDataHint.KNN_VECTORS, access));
    try {
      checkHeader(state, in, codecName);
      CodecUtil.retrieveChecksum(in);
      return in;
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, in);
      throw t;
    }
  }

  /** Reads a meta file whole, with its checksum: records by the names of their fields. */
  public <T> Map<String, T> readMeta(
      SegmentReadState state, String extension, String codecName, FieldRecord<T> record)
      throws IOException {
    Map<String, T> metadata = new HashMap<>();
    try (ChecksumIndexInput in = state.directory.openChecksumInput(fileName(state, extension))) {
      Throwable priorException = null;
      try {
        checkHeader(state, in, codecName);
        for (int number = in.readInt(); number != -1; number = in.readInt()) {
          FieldInfo info = state.fieldInfos.fieldInfo(number);
          if (info == null) {
            throw new CorruptIndexException("invalid field number " + number, in);
          }
          metadata.put(info.name, record.read(info, in));
        }
      } catch (Throwable t) {
        priorException = t;
      } finally {
        CodecUtil.checkFooter(in, priorException);
      }
    }
    return metadata;
  }

  private static String fileName(SegmentReadState state, String extension) {
    return IndexFileNames.segmentFileName(state.segmentInfo.name, state.segmentSuffix, extension);
  }

  private void checkHeader(SegmentReadState state, IndexInput in, String codecName)
      throws IOException {
    CodecUtil.checkIndexHeader(
        in,
        codecName,
        versionStart,
        versionCurrent,
        state.segmentInfo.getId(),
        state.segmentSuffix);
  }
}

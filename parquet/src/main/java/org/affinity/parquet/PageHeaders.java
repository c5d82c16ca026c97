/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.parquet;

import java.io.IOException;
import org.apache.parquet.format.InterningProtocol;
import org.apache.parquet.format.PageHeader;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * Reads page headers. The library's own way believes any text in them that claims up to 100 MB, and
 * allocates as much, before it looks whether so many bytes are there.
 */
final class PageHeaders {
  private static final int DEEPEST = 64;

  private PageHeaders() {}

  /** The header that comes next; nothing in it may claim more than is left of the chunk. */
  static PageHeader read(ChunkStream in, MemoryBound bound) throws IOException {
    int most = (int) Math.min(in.remaining(), bound.bytes());
    try {
      PageHeader header = new PageHeader();
      header.read(
          new InterningProtocol(
              new TCompactProtocol(
                  new TIOStreamTransport(new TConfiguration(most, most, DEEPEST), in))));
      return header;
    } catch (TException | StackOverflowError e) {
      String why = e.getMessage() == null ? "nested too deep" : e.getMessage();
      throw new IOException("a page header cannot be read: " + why, e);
    }
  }
}

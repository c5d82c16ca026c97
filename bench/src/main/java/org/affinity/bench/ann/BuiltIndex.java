/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** An index that can be searched. */
interface BuiltIndex extends Closeable {

  /** The ways to search it. */
  List<Form> forms();

  /** Bytes on disk, or on the heap where it lives there, by what they are for. */
  Map<String, Long> bytes();

  /** A searcher for one thread. */
  Searcher searcher(Form form) throws IOException;

  /** Finds rows; used by one thread. */
  interface Searcher extends Closeable {

    /** The effort that stands for "nothing said". */
    int DEFAULT = 0;

    /**
     * Searches.
     *
     * @param effort candidates to consider; {@link #DEFAULT}: the settings a user gets who sets
     *     none
     * @param filter null for none
     * @param hits receives the rows found, best first
     * @return how many
     */
    int search(float[] target, int k, int effort, FilteredRows filter, int[] hits)
        throws IOException;

    @Override
    default void close() throws IOException {}
  }
}

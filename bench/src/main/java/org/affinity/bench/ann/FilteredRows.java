/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import org.apache.lucene.util.FixedBitSet;

/** A filter and the rows of a set that pass it. */
record FilteredRows(Filter filter, FixedBitSet eligible) {}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/**
 * A form that is recognized only to say how to export from it: {@link #open} always fails, with
 * that sentence. It cannot be asked for by name.
 */
public interface RefusedFormat extends EmbeddingFormat {}

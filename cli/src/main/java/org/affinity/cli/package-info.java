/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The command line: {@code load} streams embeddings into an index, {@code export} writes them to a
 * file again, {@code demo} shows personalized search on a catalogue.
 *
 * <p>Entry point: {@link org.affinity.cli.Affinity}. May depend on {@code org.affinity.ingest},
 * {@code org.affinity.parquet}, picocli, progressbar and Jackson; reaches a server over HTTP only.
 */
package org.affinity.cli;

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

/**
 * Where a load stands.
 *
 * @param loaded documents acknowledged in this run
 * @param rejected rows rejected in this run
 * @param position how much of the source is settled, in the unit of length
 * @param length the source's size
 */
public record LoadProgress(long loaded, long rejected, long position, long length) {}

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The report of personalized search on a running server: a blend beside the plain keyword query,
 * the same blend as a script, and two searches that the client fuses. Entry point: {@link
 * org.affinity.bench.blend.BlendCommand}.
 *
 * <p>May depend on the HTTP client of {@code org.affinity.ingest}; of the plugin it knows what a
 * client knows.
 */
package org.affinity.bench.blend;

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The report of nearest-neighbour search over HTTP: a server with the plugin beside one with
 * OpenSearch's k-NN plugin, on the same machine, with the same requests. Entry point: {@link
 * org.affinity.bench.server.ServerCommand}.
 *
 * <p>May depend on the HTTP client of {@code org.affinity.ingest} and on the sets and the truth of
 * {@code org.affinity.bench.ann}; of both plugins it knows what a client knows.
 */
package org.affinity.bench.server;

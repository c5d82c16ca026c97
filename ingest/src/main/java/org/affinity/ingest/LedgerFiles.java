/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest;

import java.nio.file.Path;

/**
 * Where a load writes what it must remember.
 *
 * @param state how far it has come
 * @param rejects the rows that were rejected, with reasons
 */
public record LedgerFiles(Path state, Path rejects) {}

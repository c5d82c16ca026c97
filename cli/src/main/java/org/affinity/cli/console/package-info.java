/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What all commands share: the terminal, progress on it, and the options that name a server.
 *
 * <p>May depend on {@code org.affinity.ingest}, picocli and progressbar; on no command.
 */
package org.affinity.cli.console;

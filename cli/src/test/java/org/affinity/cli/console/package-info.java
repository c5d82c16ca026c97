/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of what commands share. */
package org.affinity.cli.console;

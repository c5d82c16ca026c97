/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of the readers and of the loader, against a server made by hand. */
package org.affinity.ingest;

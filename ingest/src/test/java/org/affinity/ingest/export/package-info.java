/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of the way out. */
package org.affinity.ingest.export;

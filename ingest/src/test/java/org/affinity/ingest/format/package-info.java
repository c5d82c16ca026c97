/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of the readers, on files that writers of these tests or the real producers made. */
package org.affinity.ingest.format;

/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of reading and writing Parquet. */
package org.affinity.parquet;

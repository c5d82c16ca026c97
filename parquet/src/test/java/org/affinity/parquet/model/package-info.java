/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of model folders. */
package org.affinity.parquet.model;

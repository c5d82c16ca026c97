/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is claimed is measured here: recall, speed and bytes against peers in one run ({@link
 * org.affinity.bench.AnnReport}), and the hot loops one by one (JMH). Never shipped.
 */
package org.affinity.bench;

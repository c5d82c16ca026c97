/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is claimed is measured here: search against peers in one run ({@link
 * org.affinity.bench.ann.AnnCommand}), quantizers, and the hot loops one by one (JMH). Never
 * shipped.
 */
package org.affinity.bench;

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The hot loops under JMH, beside what the processor can read and compute at most: every loop as a
 * share of the limit that binds it (roofline, Williams et al., CACM 2009).
 */
package org.affinity.bench.kernel;

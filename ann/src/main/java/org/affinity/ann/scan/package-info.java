/* SPDX-License-Identifier: Apache-2.0 */

/**
 * What every exhaustive search of codes has in common: blocks where they are mapped, the best of
 * their estimates, and the comparison of raw vectors afterwards.
 */
package org.affinity.ann.scan;

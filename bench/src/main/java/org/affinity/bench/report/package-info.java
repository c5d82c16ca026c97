/* SPDX-License-Identifier: Apache-2.0 */
/** What reports share: where a run was made, what it had to reach, and how numbers are printed. */
package org.affinity.bench.report;

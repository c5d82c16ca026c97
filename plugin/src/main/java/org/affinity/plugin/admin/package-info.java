/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What operators see and do: statistics of embedding fields by index and by node, and warmup.
 *
 * <p>May depend on {@code org.affinity.ann}, {@code org.affinity.quantization} and OpenSearch, not
 * on {@code org.affinity.plugin}. Entry point: {@link org.affinity.plugin.admin.AdminActions}.
 * Transport actions are public because OpenSearch's injection calls their constructors.
 */
package org.affinity.plugin.admin;

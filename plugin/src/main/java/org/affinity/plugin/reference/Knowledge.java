/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import org.affinity.plugin.vector.Fetched;

/**
 * What a request knows so far.
 *
 * @param now milliseconds since 1970, the same for the whole request
 */
record Knowledge(Fetched fetched, long now, ReferenceLimits limits) {}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.Set;
import org.affinity.plugin.vector.StoredPart;

/** How far a reference has come. */
sealed interface Step {

  /** Not further without these. */
  record Needs(Set<StoredPart<?>> parts) implements Step {}

  /** There is a vector. */
  record Found(Taste taste, String origin, Usage usage) implements Step {}

  /** There is none. */
  record None(String reason, Usage usage) implements Step {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.Locale;
import org.affinity.ann.search.Precision;
import org.opensearch.core.ParseField;

/** The JSON of a {@link Precision}: its name. */
final class PrecisionContent {

  static final ParseField FIELD = new ParseField("precision");

  private PrecisionContent() {}

  static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  static Precision parse(String name) {
    for (Precision precision : Precision.values()) {
      if (name(precision).equals(name)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(
        "[" + FIELD.getPreferredName() + "] must be [exact] or [codes], got [" + name + "]");
  }
}

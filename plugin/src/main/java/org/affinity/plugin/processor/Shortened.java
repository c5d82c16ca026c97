/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import org.opensearch.core.common.Strings;

/** A document's value, fit for a message however long it is. */
final class Shortened {

  private static final int LENGTH = 100;

  private Shortened() {}

  static String of(Object value) {
    String text = String.valueOf(value);
    return text.length() <= LENGTH ? text : Strings.cleanTruncate(text, LENGTH) + "…";
  }
}

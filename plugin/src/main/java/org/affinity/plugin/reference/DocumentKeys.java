/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import org.opensearch.core.ParseField;
import org.opensearch.core.xcontent.ConstructingObjectParser;
import org.opensearch.core.xcontent.ObjectParser;
import org.opensearch.core.xcontent.XContentParser;

/** What names a document beside its index: text, or a number taken as text. */
final class DocumentKeys {

  private DocumentKeys() {}

  /** Declares {@code id}, required. */
  static void declareId(ConstructingObjectParser<?, ?> parser) {
    parser.declareField(
        ConstructingObjectParser.constructorArg(),
        XContentParser::text,
        new ParseField("id"),
        ObjectParser.ValueType.VALUE);
  }

  /** Declares {@code routing}, optional. */
  static void declareRouting(ConstructingObjectParser<?, ?> parser) {
    parser.declareField(
        ConstructingObjectParser.optionalConstructorArg(),
        XContentParser::text,
        new ParseField("routing"),
        ObjectParser.ValueType.VALUE);
  }
}

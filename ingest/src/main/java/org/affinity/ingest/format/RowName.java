/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.util.Map;

/**
 * What a row is called.
 *
 * @param id its id; null where there is a fault
 * @param fields what else stands beside the id
 * @param fault why there is no id, or null
 */
record RowName(String id, Map<String, Object> fields, String fault) {
  static RowName of(String id) {
    return new RowName(id, Map.of(), null);
  }

  static RowName faulty(String fault) {
    return new RowName(null, Map.of(), fault);
  }
}

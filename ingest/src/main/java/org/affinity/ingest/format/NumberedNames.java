/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ingest.format;

import java.util.Optional;

/** Row numbers, from 1. */
final class NumberedNames implements RowNames {
  private long number;

  @Override
  public Optional<RowName> next() {
    number++;
    return Optional.of(RowName.of(Long.toString(number)));
  }

  @Override
  public void close() {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.test.AbstractWireSerializingTestCase;

public class TouchedWireTests extends AbstractWireSerializingTestCase<Touched> {

  @Override
  protected Writeable.Reader<Touched> instanceReader() {
    return Touched::new;
  }

  @Override
  protected Touched createTestInstance() {
    return new Touched(RandomStats.count(), RandomStats.tally());
  }

  @Override
  protected Touched mutateInstance(Touched instance) {
    return new Touched(instance.vectors() + 1, instance.bytes());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.admin;

import java.io.IOException;
import java.util.List;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.test.AbstractWireSerializingTestCase;

public class ShardStatsWireTests extends AbstractWireSerializingTestCase<ShardStats> {

  @Override
  protected Writeable.Reader<ShardStats> instanceReader() {
    return ShardStats::new;
  }

  @Override
  protected ShardStats createTestInstance() {
    return RandomStats.shard();
  }

  @Override
  protected ShardStats mutateInstance(ShardStats instance) throws IOException {
    return new ShardStats(instance.index(), !instance.primary(), instance.fields());
  }

  public void testStatisticsAddUp() {
    FieldStats a = RandomStats.field();
    FieldStats b = RandomStats.field();
    FieldStats sum = a.plus(b);
    assertEquals(sum, b.plus(a));
    assertEquals(a, a.plus(FieldStats.NONE));
    assertEquals(a.vectors() + b.vectors(), sum.vectors());
    assertEquals(a.bytes().total() + b.bytes().total(), sum.bytes().total());
    assertEquals(a.searches().rescored() + b.searches().rescored(), sum.searches().rescored());
  }

  public void testOneCodebookOfTwoSegmentsIsOne() {
    CodebookStats codebook = RandomStats.codebook("id");
    CodebookStats both = codebook.plus(codebook);
    assertEquals(2 * codebook.segments(), both.segments());
    assertEquals(2 * codebook.vectors(), both.vectors());
    assertEquals(
        List.of(codebook.code(), codebook.training()), List.of(both.code(), both.training()));
  }
}

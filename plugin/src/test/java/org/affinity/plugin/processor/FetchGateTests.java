/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.util.concurrent.ThreadContext;
import org.opensearch.test.OpenSearchTestCase;

public class FetchGateTests extends OpenSearchTestCase {

  private final ThreadContext context = new ThreadContext(Settings.EMPTY);
  private final FetchGate gate = new FetchGate(context);

  public void testLetsInSoManyAndTheRestInTheirTurnAsTheirCaller() {
    List<String> ran = new ArrayList<>();
    for (int i = 0; i < FetchGate.MAX_UNDER_WAY + 3; i++) {
      try (ThreadContext.StoredContext stored = context.newStoredContext(false)) {
        assertNotNull(stored);
        context.putHeader("user", "u" + i);
        gate.enter(() -> ran.add(context.getHeader("user")));
      }
    }
    assertEquals(FetchGate.MAX_UNDER_WAY, ran.size());
    gate.leave();
    assertEquals("u" + FetchGate.MAX_UNDER_WAY, ran.get(FetchGate.MAX_UNDER_WAY));
    gate.leave();
    gate.leave();
    gate.leave();
    assertEquals(FetchGate.MAX_UNDER_WAY + 3, ran.size());
    assertNull(context.getHeader("user"));
  }

  public void testNeverMoreAtATimeFromManyThreadsAndAllGetIn() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(4 * 2_000);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  gate.enter(
                      () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        inside.decrementAndGet();
                        done.countDown();
                      });
                  gate.leave();
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, done.getCount());
    assertTrue("" + most, most.get() <= FetchGate.MAX_UNDER_WAY);
  }
}

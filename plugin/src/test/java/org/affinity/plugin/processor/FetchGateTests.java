/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

  public void testTasksThatEndAtOnceNeedNoStack() {
    for (int i = 0; i < FetchGate.MAX_UNDER_WAY; i++) {
      gate.enter(() -> {});
    }
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 100_000; i++) {
      gate.enter(
          () -> {
            ran.incrementAndGet();
            gate.leave();
          });
    }
    assertEquals(0, ran.get());
    gate.leave();
    assertEquals(100_000, ran.get());
  }

  public void testNeverMoreAtATimeFromManyThreadsAndAllGetIn() throws Exception {
    int threads = 4;
    int each = 2_000;
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(threads * each);
    try (ExecutorService callers = Executors.newFixedThreadPool(threads);
        ExecutorService answers = Executors.newFixedThreadPool(threads)) {
      Runnable answer =
          () -> {
            inside.decrementAndGet();
            gate.leave();
            done.countDown();
          };
      for (int i = 0; i < threads * each; i++) {
        callers.execute(
            () ->
                gate.enter(
                    () -> {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      answers.execute(answer);
                    }));
      }
      assertTrue(done.await(60, TimeUnit.SECONDS));
    }
    assertTrue("" + most, most.get() <= FetchGate.MAX_UNDER_WAY);
  }
}

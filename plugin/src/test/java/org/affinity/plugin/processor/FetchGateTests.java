/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
        gate.enter(() -> ran.add(context.getHeader("user")), FetchGateTests::unexpected);
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
      gate.enter(() -> {}, FetchGateTests::unexpected);
    }
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < 100_000; i++) {
      gate.enter(
          () -> {
            ran.incrementAndGet();
            gate.leave();
          },
          FetchGateTests::unexpected);
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
                    },
                    FetchGateTests::unexpected));
      }
      assertTrue(done.await(60, TimeUnit.SECONDS));
    }
    assertTrue("" + most, most.get() <= FetchGate.MAX_UNDER_WAY);
  }

  private static void unexpected(Exception e) {
    throw new AssertionError(e);
  }

  public void testWhatIsThrownIsAnsweredAndFreesItsPlace() throws Exception {
    List<Exception> failures = new ArrayList<>();
    for (int i = 0; i < FetchGate.MAX_UNDER_WAY + 3; i++) {
      gate.enter(
          () -> {
            throw new IllegalStateException("no request");
          },
          e -> {
            failures.add(e);
            gate.leave();
            throw new IllegalStateException("nor an answer");
          });
    }
    assertEquals(FetchGate.MAX_UNDER_WAY + 3, failures.size());
    assertEquals("no request", failures.get(0).getMessage());
    assertOpen();
  }

  public void testAnErrorIsAnsweredAndStillEndsTheNode() throws Exception {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> fatal.complete(thrown));
    try {
      List<Exception> failures = new ArrayList<>();
      Error error = new StackOverflowError();
      gate.enter(
          () -> {
            throw error;
          },
          e -> {
            failures.add(e);
            gate.leave();
          });
      assertSame(error, failures.get(0).getCause());
      assertSame(error, fatal.get(60, TimeUnit.SECONDS));
      assertOpen();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private void assertOpen() {
    AtomicInteger ran = new AtomicInteger();
    for (int i = 0; i < FetchGate.MAX_UNDER_WAY; i++) {
      gate.enter(ran::incrementAndGet, FetchGateTests::unexpected);
    }
    assertEquals(FetchGate.MAX_UNDER_WAY, ran.get());
  }
}

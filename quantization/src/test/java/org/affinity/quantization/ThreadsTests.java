/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.quantization;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.carrotsearch.randomizedtesting.RandomizedTest;
import com.carrotsearch.randomizedtesting.annotations.ThreadLeakLingering;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.Test;

@ThreadLeakLingering(linger = 5000)
public class ThreadsTests extends RandomizedTest {

  private static void checkAllDoneOnce(Threads threads) {
    for (int count : new int[] {0, 1, 2, 7, 200}) {
      AtomicIntegerArray done = new AtomicIntegerArray(count);
      threads.forEach(count, done::incrementAndGet);
      for (int i = 0; i < count; i++) {
        assertEquals(1, done.get(i));
      }
    }
  }

  @Test
  public void testTheCallerAlone() {
    checkAllDoneOnce(Threads.CALLER);
  }

  @Test
  public void testHelpers() {
    for (int helpers = 1; helpers <= 4; helpers++) {
      try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
        checkAllDoneOnce(new Threads(executor, helpers));
      }
    }
  }

  @Test
  public void testAnExecutorThatRunsAtOnce() {
    checkAllDoneOnce(new Threads(Runnable::run, 3));
  }

  @Test
  public void testAnExecutorThatNeverRuns() {
    checkAllDoneOnce(new Threads(helper -> {}, 3));
  }

  @Test
  public void testAnExecutorThatRejects() {
    AtomicInteger asked = new AtomicInteger();
    checkAllDoneOnce(
        new Threads(
            helper -> {
              if (asked.incrementAndGet() > 2) {
                throw new RejectedExecutionException("full");
              }
            },
            4));
  }

  @Test
  public void testAHelperThatComesTooLateDoesNothing() {
    List<Runnable> late = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    new Threads(late::add, 3).forEach(10, i -> done.incrementAndGet());
    assertEquals(3, late.size());
    late.forEach(Runnable::run);
    assertEquals(10, done.get());
  }

  @Test
  public void testHelpersShareTheWork() {
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      // Each piece waits for the others: three threads must be at it.
      CountDownLatch all = new CountDownLatch(3);
      new Threads(executor, 2)
          .forEach(
              3,
              i -> {
                all.countDown();
                try {
                  all.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertEquals(0, all.getCount());
    }
  }

  @Test
  public void testAFailureOfTheCallerIsThrown() {
    IllegalStateException failure = new IllegalStateException("piece 3");
    AtomicInteger done = new AtomicInteger();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                Threads.CALLER.forEach(
                    10,
                    i -> {
                      if (i == 3) {
                        throw failure;
                      }
                      done.incrementAndGet();
                    }));
    assertSame(failure, thrown);
    assertEquals("the rest is left", 3, done.get());
  }

  @Test
  public void testAFailureOfAHelperIsThrown() {
    try (ExecutorService executor = Executors.newFixedThreadPool(1)) {
      Thread caller = Thread.currentThread();
      CountDownLatch failed = new CountDownLatch(1);
      AssertionError thrown =
          assertThrows(
              AssertionError.class,
              () ->
                  new Threads(executor, 1)
                      .forEach(
                          2,
                          i -> {
                            if (Thread.currentThread() != caller) {
                              failed.countDown();
                              throw new AssertionError("helper");
                            }
                            try {
                              failed.await();
                            } catch (InterruptedException e) {
                              throw new IllegalStateException(e);
                            }
                          }));
      assertEquals("helper", thrown.getMessage());
    }
  }

  @Test
  public void testAnInterruptedCallerWaitsAndStaysInterrupted() {
    try (ExecutorService executor = Executors.newFixedThreadPool(1)) {
      CountDownLatch begun = new CountDownLatch(2);
      AtomicInteger done = new AtomicInteger();
      Thread.currentThread().interrupt();
      new Threads(executor, 1)
          .forEach(
              2,
              i -> {
                begun.countDown();
                while (begun.getCount() > 0) {
                  Thread.onSpinWait();
                }
                done.incrementAndGet();
              });
      assertEquals(2, done.get());
      assertTrue(Thread.interrupted());
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.util.List;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;

/**
 * How much references may ask of a node; settings of the node that coordinates the request.
 *
 * @param maxLikes items of one reference, and {@code last} of a history
 * @param maxEvents events a list may have
 * @param maxInterests interests of a history
 * @param maxDepth levels of {@code sum} and {@code first_of} in each other
 * @param maxParts references in one {@code from}
 * @param maxGets documents got for one request
 * @param maxNumbers numbers in the vectors got for one request
 */
public record ReferenceLimits(
    int maxLikes,
    int maxEvents,
    int maxInterests,
    int maxDepth,
    int maxParts,
    int maxGets,
    int maxNumbers) {

  /** The most that {@link #MAX_LIKES} can be; longer lists are not even read. */
  static final int CEILING = 100_000;

  /** The most that {@link #MAX_DEPTH} can be; what is nested deeper is not even read. */
  static final int DEPTH_CEILING = 64;

  public static final Setting<Integer> MAX_LIKES = setting("max_likes", 1_000, CEILING);
  public static final Setting<Integer> MAX_EVENTS = setting("max_events", 10_000, 1_000_000);
  public static final Setting<Integer> MAX_INTERESTS = setting("max_interests", 10, 100);
  public static final Setting<Integer> MAX_DEPTH = setting("max_depth", 8, DEPTH_CEILING);
  public static final Setting<Integer> MAX_PARTS = setting("max_parts", 50, 1_000);
  public static final Setting<Integer> MAX_GETS = setting("max_gets", 5_000, 1_000_000);
  public static final Setting<Integer> MAX_NUMBERS = setting("max_numbers", 1 << 24, 1 << 28);

  private static Setting<Integer> setting(String name, int value, int max) {
    return Setting.intSetting(
        "plugins.affinity.reference." + name, value, 1, max, Setting.Property.NodeScope);
  }

  /** All of them, to be registered. */
  public static List<Setting<?>> settings() {
    return List.of(
        MAX_LIKES, MAX_EVENTS, MAX_INTERESTS, MAX_DEPTH, MAX_PARTS, MAX_GETS, MAX_NUMBERS);
  }

  static ReferenceLimits of(Settings settings) {
    return new ReferenceLimits(
        MAX_LIKES.get(settings),
        MAX_EVENTS.get(settings),
        MAX_INTERESTS.get(settings),
        MAX_DEPTH.get(settings),
        MAX_PARTS.get(settings),
        MAX_GETS.get(settings),
        MAX_NUMBERS.get(settings));
  }

  /** Refuses a reference that asks for too much. */
  void check(ReferenceForm form) {
    form.check(new Budget());
  }

  void checkGets(int gets) {
    if (gets > maxGets) {
      throw excess("the references of one request need", gets, "documents", MAX_GETS, maxGets);
    }
  }

  void checkNumbers(long numbers) {
    if (numbers > maxNumbers) {
      throw excess(
          "the references of one request need", numbers, "numbers", MAX_NUMBERS, maxNumbers);
    }
  }

  private static IllegalArgumentException excess(
      String who, long count, String what, Setting<?> setting, int limit) {
    return new IllegalArgumentException(
        who
            + " ["
            + count
            + "] "
            + what
            + "; at most ["
            + limit
            + "] are allowed by ["
            + setting.getKey()
            + "]");
  }

  static IllegalArgumentException tooDeep(int limit) {
    return new IllegalArgumentException(
        "[sum] and [first_of] stand more than ["
            + limit
            + "] deep in each other, which is the limit by ["
            + MAX_DEPTH.getKey()
            + "]");
  }

  /** What one {@code from} has used up. For one thread. */
  final class Budget {
    private int parts;
    private int depth;

    private Budget() {}

    void part() {
      if (++parts > maxParts) {
        throw excess("[from] is made of more than", maxParts, "references", MAX_PARTS, maxParts);
      }
    }

    void nested(Runnable inside) {
      if (++depth > maxDepth) {
        throw tooDeep(maxDepth);
      }
      inside.run();
      depth--;
    }

    void likes(int count) {
      if (count > maxLikes) {
        throw excess("[likes] and [dislikes] hold", count, "items", MAX_LIKES, maxLikes);
      }
    }

    void last(int count) {
      if (count > maxLikes) {
        throw excess("[history.last] asks for", count, "events", MAX_LIKES, maxLikes);
      }
    }

    void interests(int count) {
      if (count > maxInterests) {
        throw excess("[history] asks for", count, "interests", MAX_INTERESTS, maxInterests);
      }
    }
  }
}

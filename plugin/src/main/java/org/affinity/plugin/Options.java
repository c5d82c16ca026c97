/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options of one object in a mapping, taken one by one; what is left over at the end is unknown
 * and refused.
 */
final class Options {

  private final String path;
  private final Map<String, Object> options;

  /**
   * @param path where the object stands, for messages
   */
  Options(String path, Object node) {
    if (!(node instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(path + " must be an object, got [" + node + "]");
    }
    this.path = path;
    this.options = new HashMap<>();
    map.forEach((key, value) -> options.put(key.toString(), value));
  }

  String path(String name) {
    return path + "." + name;
  }

  Object take(String name, Object defaultValue) {
    Object value = options.remove(name);
    return value == null ? defaultValue : value;
  }

  /** Takes an option that is absent or has this very value; leaves any other. */
  boolean takeIf(String name, Object value) {
    return options.remove(name, value) || !options.containsKey(name);
  }

  int takeInt(String name, int defaultValue, int min, int max) {
    Object value = take(name, defaultValue);
    long number;
    try {
      number = value instanceof Integer i ? i : Long.parseLong(value.toString());
    } catch (NumberFormatException e) {
      throw refuse(name, "a whole number", value, e);
    }
    if (number < min || number > max) {
      throw refuse(name, "between " + min + " and " + max, value, null);
    }
    return (int) number;
  }

  int takeOneOf(String name, int defaultValue, Set<Integer> allowed) {
    Object value = take(name, defaultValue);
    for (int number : allowed) {
      if (String.valueOf(number).equals(value.toString())) {
        return number;
      }
    }
    throw refuse(name, "one of " + new TreeSet<>(allowed), value, null);
  }

  IllegalArgumentException refuse(String name, String expected, Object value, Exception cause) {
    return new IllegalArgumentException(
        path(name) + " must be " + expected + ", got [" + value + "]", cause);
  }

  /**
   * Refuses what was not taken.
   *
   * @param owner what the options are for
   * @param known all that it takes
   */
  void end(String owner, Set<String> known) {
    if (!options.isEmpty()) {
      throw new IllegalArgumentException(
          path
              + " has unknown option(s) "
              + new TreeSet<>(options.keySet())
              + "; ["
              + owner
              + "] takes "
              + (known.isEmpty() ? "none" : new TreeSet<>(known)));
    }
  }
}

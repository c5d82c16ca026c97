/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a load that change what is stored, as its state file remembers them. An option
 * counts unless it is known not to: one that is new is rather remembered in vain than forgotten. Of
 * a file only that it was named: which it was, the state file knows better.
 */
final class StoredOptions {
  private static final Set<String> OF_TRANSPORT =
      Set.of(
          "--batch-bytes",
          "--batch-docs",
          "--in-flight",
          "--resume",
          "--state",
          "--rejects",
          "--report",
          "--dry-run",
          "--index",
          "--field",
          "--help");

  private StoredOptions() {}

  /** Values by names, of the options that have one. */
  static Map<String, String> of(CommandSpec load, String serverMixin) {
    Set<OptionSpec> server = Set.copyOf(load.mixins().get(serverMixin).options());
    Map<String, String> stored = new TreeMap<>();
    for (OptionSpec option : load.options()) {
      Object value = option.getValue();
      if (value == null || isOff(option, value) || OF_TRANSPORT.contains(option.longestName())) {
        continue;
      }
      if (server.stream().noneMatch(each -> each.longestName().equals(option.longestName()))) {
        stored.put(option.longestName(), value instanceof Path ? "a file" : value.toString());
      }
    }
    return stored;
  }

  /** A plain flag that was not given; one that can be negated says something when it is. */
  private static boolean isOff(OptionSpec option, Object value) {
    return value.equals(false) && !option.negatable();
  }
}

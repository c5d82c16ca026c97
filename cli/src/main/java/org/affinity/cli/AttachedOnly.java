/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** An option whose value, which may be left out, is only ever given as {@code --option=value}. */
@SuppressWarnings("JdkObsolete") // picocli's interface has the Stack
final class AttachedOnly implements IParameterPreprocessor {
  @Override
  public boolean preprocess(
      Stack<String> arguments, CommandSpec command, ArgSpec argument, Map<String, Object> state) {
    if (!"=".equals(state.get("separator"))) {
      arguments.push(((OptionSpec) argument).fallbackValue());
    }
    return false;
  }
}

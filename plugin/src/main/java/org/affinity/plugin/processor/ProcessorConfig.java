/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.affinity.ann.pq.PqFlatVectorsFormat;
import org.opensearch.common.unit.TimeValue;
import org.opensearch.ingest.ConfigurationUtils;
import org.opensearch.script.ScriptService;
import org.opensearch.script.TemplateScript;

/**
 * A processor's configuration, taken option by option; OpenSearch refuses what is left over.
 * Everything wrong is a 400 that names the option.
 *
 * @param config changed: what is read is removed
 */
record ProcessorConfig(
    String type,
    String tag,
    String description,
    Map<String, Object> config,
    ScriptService scripts) {

  static final int MAX_DIMENSION = PqFlatVectorsFormat.MAX_DIMENSIONS;

  private static final TimeValue DEFAULT_TIMEOUT = TimeValue.timeValueSeconds(30);
  private static final TimeValue MAX_TIMEOUT = TimeValue.timeValueMinutes(10);

  RuntimeException refuse(String option, String reason) {
    return ConfigurationUtils.newConfigurationException(type, tag, option, reason);
  }

  boolean has(String option) {
    return config.get(option) != null;
  }

  String string(String option) {
    return filled(
        option, ConfigurationUtils.readStringOrIntProperty(type, tag, config, option, null));
  }

  /** Null if absent. */
  String optionalString(String option) {
    return filled(
        option, ConfigurationUtils.readOptionalStringOrIntProperty(type, tag, config, option));
  }

  private String filled(String option, String value) {
    if (value != null && value.isBlank()) {
      throw refuse(option, "must not be empty");
    }
    return value;
  }

  /** The name of one index or alias, as a get needs it. */
  String index(String option) {
    String name = string(option);
    if (name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf(',') >= 0) {
      throw refuse(option, "must name one index or alias, no pattern or list, got [" + name + "]");
    }
    return name;
  }

  boolean flag(String option, boolean defaultValue) {
    return ConfigurationUtils.readBooleanProperty(type, tag, config, option, defaultValue);
  }

  /** Null if absent. */
  Integer optionalInt(String option, int min, int max) {
    return has(option) ? wholeNumber(option, config.remove(option), min, max) : null;
  }

  int integer(String option, int min, int max) {
    if (!has(option)) {
      throw refuse(option, "required property is missing");
    }
    return optionalInt(option, min, max);
  }

  private int wholeNumber(String option, Object value, int min, int max) {
    long number;
    try {
      number = Long.parseLong(value.toString());
    } catch (NumberFormatException e) {
      throw refuse(option, "must be a whole number, got [" + value + "]");
    }
    if (number < min || number > max) {
      throw refuse(option, "must be between " + min + " and " + max + ", got [" + value + "]");
    }
    return (int) number;
  }

  /** Null if absent. */
  Integer optionalDimension() {
    return optionalInt("dimension", 1, MAX_DIMENSION);
  }

  double weight(String option) {
    Object value = config.remove(option);
    if (value == null) {
      return 1;
    }
    double weight;
    try {
      weight = Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      weight = Double.NaN;
    }
    if (!(weight > 0 && weight <= 1e6)) {
      throw refuse(option, "must be a number above 0, at most 1000000, got [" + value + "]");
    }
    return weight;
  }

  /** One of the values, by their lower-case names. */
  <E extends Enum<E>> E oneOf(String option, Class<E> values, E defaultValue) {
    String name = optionalString(option);
    if (name == null) {
      if (defaultValue == null) {
        throw refuse(option, "required property is missing");
      }
      return defaultValue;
    }
    List<String> names = new ArrayList<>();
    for (E value : values.getEnumConstants()) {
      if (value.toString().equals(name)) {
        return value;
      }
      names.add(value.toString());
    }
    throw refuse(option, "must be one of " + names + ", got [" + name + "]");
  }

  /** Exactly one of a name, and a list of names under the plural. */
  List<String> oneOrMore(String one, String several, int max) {
    if (has(one) == has(several)) {
      throw refuse(several, "or [" + one + "] is needed, and not both");
    }
    return has(one) ? List.of(string(one)) : strings(several, max);
  }

  private List<String> strings(String option, int max) {
    List<Object> values = ConfigurationUtils.readList(type, tag, config, option);
    requireSize(option, values, max);
    for (Object value : values) {
      if (!(value instanceof String text) || text.isBlank()) {
        throw refuse(option, "must hold names, got [" + value + "]");
      }
    }
    return values.stream().map(Object::toString).toList();
  }

  /** Null if absent. */
  List<Integer> optionalInts(String option, int max) {
    List<Object> values = ConfigurationUtils.readOptionalList(type, tag, config, option);
    if (values == null) {
      return null;
    }
    requireSize(option, values, max);
    return values.stream()
        .map(
            value ->
                wholeNumber(option, String.valueOf(value), Integer.MIN_VALUE, Integer.MAX_VALUE))
        .toList();
  }

  /** The objects of a list, each a configuration of its own that must be used up. */
  List<ProcessorConfig> objects(String option, int max) {
    List<Object> values = ConfigurationUtils.readList(type, tag, config, option);
    requireSize(option, values, max);
    List<ProcessorConfig> objects = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof Map<?, ?> map)) {
        throw refuse(option, "must hold objects, got [" + value + "]");
      }
      Map<String, Object> copy = new HashMap<>();
      map.forEach((key, inner) -> copy.put(key.toString(), inner));
      objects.add(new ProcessorConfig(type, tag, description, copy, scripts));
    }
    return objects;
  }

  /** For the objects of a list, which OpenSearch does not look into. */
  void end(String option) {
    if (!config.isEmpty()) {
      throw refuse(option, "has unknown option(s) " + config.keySet());
    }
  }

  private void requireSize(String option, Collection<?> values, int max) {
    if (values.isEmpty() || values.size() > max) {
      throw refuse(option, "must hold between 1 and " + max + " values, got " + values.size());
    }
  }

  TimeValue timeout() {
    String value = optionalString("timeout");
    if (value == null) {
      return DEFAULT_TIMEOUT;
    }
    TimeValue timeout;
    try {
      timeout = TimeValue.parseTimeValue(value, "timeout");
    } catch (IllegalArgumentException e) {
      throw refuse("timeout", "must be a time such as [30s], got [" + value + "]");
    }
    if (timeout.millis() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw refuse("timeout", "must be between 1ms and " + MAX_TIMEOUT + ", got [" + value + "]");
    }
    return timeout;
  }

  TemplateScript.Factory template(String option, String value) {
    return ConfigurationUtils.compileTemplate(type, tag, option, value, scripts);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import org.affinity.ann.codec.Affinity1Codec;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.engine.EngineConfig;

/** The settings of the plugin. */
final class AffinitySettings {

  /** Lets an index have {@code embedding} fields; fixed when the index is created. */
  static final Setting<Boolean> INDEX_AFFINITY =
      Setting.boolSetting(
          "index.affinity", false, Setting.Property.IndexScope, Setting.Property.Final);

  /** Keeps vectors out of the stored {@code _source}; fixed when the index is created. */
  static final Setting<Boolean> DERIVED_SOURCE =
      Setting.boolSetting(
          "index.affinity.derived_source.enabled",
          true,
          Setting.Property.IndexScope,
          Setting.Property.Final);

  /** Leaves vectors out of the {@code _source} of hits, unless a search asks for them. */
  static final Setting<Boolean> EXCLUDE_SOURCE_VECTORS =
      Setting.boolSetting(
          "index.affinity.exclude_source_vectors",
          true,
          Setting.Property.IndexScope,
          Setting.Property.Dynamic);

  /** The most hits that the rescorer {@code diversify} may choose from, on a shard. */
  static final Setting<Integer> MAX_DIVERSIFY_WINDOW =
      Setting.intSetting(
          "index.affinity.diversify.max_window",
          1000,
          1,
          10_000,
          Setting.Property.IndexScope,
          Setting.Property.Dynamic);

  /** The k-NN plugin's own switch; that plugin may or may not be there. */
  private static final String INDEX_KNN = "index.knn";

  private AffinitySettings() {}

  /**
   * Whether the index is ours.
   *
   * @throws IllegalArgumentException if the k-NN plugin claims it as well: only one plugin can
   *     supply an index's codec, and k-NN's would take our vector fields
   */
  static boolean isEnabled(Settings settings) {
    if (!INDEX_AFFINITY.get(settings)) {
      return false;
    }
    if (settings.getAsBoolean(INDEX_KNN, false)) {
      throw new IllegalArgumentException(
          "an index cannot have both [index.affinity: true] and [index.knn: true]: each brings its"
              + " own vector codec. Remove [index.knn] and change [knn_vector] fields to"
              + " [embedding], or keep them in an index of their own");
    }
    return true;
  }

  /**
   * Refuses the codec that new segments cannot be begun with. Lucene lists it with all others, so
   * that {@code index.codec} takes its name; the first document would fail the shard.
   *
   * @throws IllegalArgumentException if {@code index.codec} names it
   */
  static void requireWritableCodec(Settings settings) {
    if (Affinity1Codec.NAME.equals(EngineConfig.INDEX_CODEC_SETTING.get(settings))) {
      throw new IllegalArgumentException(
          "[index.codec: "
              + Affinity1Codec.NAME
              + "] cannot be chosen: it is how segments of indices with [index.affinity: true] are"
              + " read. Remove [index.codec] or name another, such as [default] or"
              + " [best_compression]");
    }
  }

  /** Whether the index is ours and keeps its vectors once. */
  static boolean derivesSource(Settings settings) {
    return isEnabled(settings) && DERIVED_SOURCE.get(settings);
  }
}

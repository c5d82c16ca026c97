/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.util.List;
import org.apache.lucene.codecs.Codec;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.IndexSettings;
import org.opensearch.index.codec.CodecService;
import org.opensearch.index.codec.CodecServiceConfig;
import org.opensearch.test.IndexSettingsModule;
import org.opensearch.test.OpenSearchTestCase;

public class AffinityPluginTests extends OpenSearchTestCase {

  private final AffinityPlugin plugin = new AffinityPlugin();

  public void testCodecServiceOnlyWhereTheIndexIsOurs() {
    assertTrue(plugin.getCustomCodecServiceFactory(index("index.affinity", "true")).isPresent());
    assertTrue(plugin.getCustomCodecServiceFactory(index("index.affinity", "false")).isEmpty());
    assertTrue(plugin.getCustomCodecServiceFactory(index("index.knn", "true")).isEmpty());
  }

  public void testKnnOnTheSameIndexIsRefusedInWords() {
    IndexSettings both = index("index.affinity", "true", "index.knn", "true");
    IllegalArgumentException e =
        expectThrows(
            IllegalArgumentException.class, () -> plugin.getCustomCodecServiceFactory(both));
    assertThat(e.getMessage(), containsString("Remove [index.knn]"));
  }

  public void testEveryCodecIsDelegatedToByItsOwnName() {
    IndexSettings settings = index("index.affinity", "true");
    CodecService service =
        new AffinityCodecService(new CodecServiceConfig(settings, null, logger, List.of()));
    for (String name : List.of("default", "best_compression", "lz4", "zlib")) {
      Codec codec = service.codec(name);
      assertEquals("Lucene104", codec.getName());
    }
    expectThrows(IllegalArgumentException.class, () -> service.codec("absent"));
  }

  private static IndexSettings index(String... settings) {
    return IndexSettingsModule.newIndexSettings(
        "index", Settings.builder().putProperties(pairs(settings), key -> key).build());
  }

  private static java.util.Map<String, String> pairs(String... settings) {
    java.util.Map<String, String> map = new java.util.HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return map;
  }
}

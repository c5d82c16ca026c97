/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.http;

import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.Test;

/** Statistics of a field, out of a server's answer. */
public class FieldBytesTests {

  @Test
  public void testOnlySizesOfTheFieldAreTaken() throws Exception {
    JsonNode statistics =
        new ObjectMapper()
            .readTree(
                """
                {"indices": {"i": {"primaries": {"v": {"vectors": 2, "bytes":
                  {"raw": "1kb", "raw_in_bytes": 1024, "codes_in_bytes": 7}}}}}}
                """);
    FieldBytes of = FieldBytes.of(statistics, "i", "v");
    assertEquals(new FieldBytes(2, Map.of("raw", 1024L, "codes", 7L)), of);
    assertEquals(Map.of("raw", 512.0, "codes", 3.5), of.perVector());
    assertEquals(new FieldBytes(0, Map.of()), FieldBytes.of(statistics, "other", "v"));
  }
}

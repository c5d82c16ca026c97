/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.cli.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.Test;

public class DemoQueriesTests {
  private final DemoQueries queries = new DemoQueries(50, 5);

  @Test
  public void testPersonalizedIsThePlainQueryInABlend() throws Exception {
    String expected =
        """
        {"query":{"blend":{
          "query":{"multi_match":{"query":"dragon","fields":["title^2","authors"]}},
          "relevance":{"weight":1.0,"function":{"saturation":{"pivot":"auto"}}},
          "affinities":[{"field":"taste","from":{"document":{"index":"readers","id":"314"}},
            "weight":0.6,"function":{"sigmoid":{"scale":5.0}}}],
          "priors":[{"field":"popularity","weight":0.2,"function":{"saturation":{"pivot":50}}}]}}}
        """;
    JsonMapper mapper = new JsonMapper();
    assertEquals(mapper.readTree(expected), queries.personalized("dragon", "314"));
    assertEquals(
        mapper.readTree(expected).at("/query/blend/query"), queries.plain("dragon").path("query"));
  }

  @Test
  public void testCurlIsOneLineThatAShellReadsAsItIs() {
    String curl = DemoQueries.curl("http://127.0.0.1:9200", queries.plain("king's"), 5);
    assertTrue(curl, curl.startsWith("curl -s 'http://127.0.0.1:9200/books/_search?size=5&"));
    assertTrue(curl, curl.contains("\"query\":\"king'\\''s\""));
    assertEquals(1, curl.lines().count());
  }
}

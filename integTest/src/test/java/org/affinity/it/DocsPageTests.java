/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** No block of a page is passed over in silence. */
public class DocsPageTests {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private List<DocsPage.Block> blocks(String... lines) throws Exception {
    Path page = folder.newFile().toPath();
    Files.write(page, List.of(lines));
    return DocsPage.read(page).blocks();
  }

  private List<ConsoleFile.Request> requests(String... lines) throws Exception {
    return new DocsFragments().requests(blocks(lines).get(0));
  }

  @Test
  public void testARequestIsSentAsItStands() throws Exception {
    List<ConsoleFile.Request> requests =
        requests(
            "```json",
            "GET /a/_stats?human",
            "",
            "{ \"answer\": … }",
            "",
            "POST /b/_search",
            "{ \"query\":",
            "  {} }",
            "```");
    assertEquals(2, requests.size());
    assertEquals(new ConsoleFile.Request("GET", "/a/_stats?human", null), requests.get(0));
    assertEquals(
        new ConsoleFile.Request("POST", "/b/_search", "{ \"query\":\n  {} }"), requests.get(1));
  }

  @Test
  public void testAPartIsPutWhereItBelongs() throws Exception {
    String nearest = "{\"nearest\":{\"taste\":{\"k\":3}}}";
    assertEquals(
        List.of(new ConsoleFile.Request("POST", "/books/_search", "{\"query\":" + nearest + "}")),
        requests("```json", nearest, "```"));
    String body =
        requests("```json", "\"from\": {\"document\": {}}, \"missing\": 1", "```").get(0).body();
    assertTrue(
        body, body.endsWith("{\"field\":\"taste\",\"from\":{\"document\":{}},\"missing\":1}]}}}"));
  }

  @Test
  public void testWhatIsNotKnownFails() throws Exception {
    assertThrows(AssertionError.class, () -> requests("```json", "{\"nowhere\": 1}", "```"));
    assertThrows(AssertionError.class, () -> requests("```json", "{\"query\": … }", "```"));
    assertThrows(AssertionError.class, () -> requests("```json", "", "```"));
    for (String fence : List.of("```", "```sh", "```console")) {
      for (String text : List.of("{ \"query\": 1 }", "\"from\": {}", "POST /books/_search")) {
        assertThrows(IllegalArgumentException.class, () -> blocks(fence, text, "```"));
      }
    }
    assertThrows(IllegalArgumentException.class, () -> blocks("```yaml", "a: b", "```"));
    assertThrows(
        IllegalArgumentException.class,
        () -> blocks("<!-- test: stauts=400 -->", "```json", "{}", "```"));
    assertEquals(List.of(), blocks("```", "1.15  blend, sum of:", "```"));
  }

  @Test
  public void testACommentSaysWhatToExpect() throws Exception {
    DocsPage.Block plain = blocks("```json", "{}", "```").get(0);
    assertNull(plain.status());
    assertEquals(1, plain.hits());
    DocsPage.Block told = blocks("<!-- test: status=400 hits=0 -->", "```json", "{}", "```").get(0);
    assertEquals(Integer.valueOf(400), told.status());
    assertEquals(0, told.hits());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.util.List;
import java.util.Set;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.BytesRef;

/** Members are found where OpenSearch's mapping would see them, and nowhere else. */
public class JsonMembersTests extends LuceneTestCase {

  /** In the middle of an array, as sources come. */
  private static BytesRef bytes(String json) {
    BytesRef middle = new BytesRef("#" + json + "#");
    return new BytesRef(middle.bytes, middle.offset + 1, middle.length - 2);
  }

  private static List<String> find(String json, String... paths) {
    BytesRef bytes = bytes(json);
    return JsonMembers.find(bytes, Set.of(paths)).stream()
        .map(
            member ->
                member.path()
                    + "="
                    + new BytesRef(
                            bytes.bytes, bytes.offset + member.from(), member.to() - member.from())
                        .utf8ToString())
        .toList();
  }

  private static String without(String json, String... paths) {
    return JsonMembers.without(bytes(json), Set.of(paths)).utf8ToString();
  }

  public void testPaths() {
    assertEquals(List.of("v=[1, 2]"), find("{\"a\": 1, \"v\": [1, 2] }", "v"));
    assertEquals(List.of("a.v=\"x\""), find("{\"v\":0,\"a\":{\"v\":\"x\"}}", "a.v"));
    assertEquals(List.of("a.v=[1]"), find("{\"a.v\":[1]}", "a.v"));
    assertEquals(List.of("a.b.v=1"), find("{\"a.b\":{\"v\":1}}", "a.b.v"));
    assertEquals(List.of("a.b.v=1"), find("{\"a\":{\"b.v\":1}}", "a.b.v"));
    assertEquals(
        List.of("a.v=[1]", "a.v=[2]", "a.v=3"),
        find("{\"a\":[{\"v\":[1]},[{\"w\":{},\"v\":[2]}, 7, []]],\"a.v\":3}", "a.v"));
    assertEquals(List.of("v=1", "w=2"), find("\n{ \"v\" : 1 ,\t\"w\" :2\r}\n", "v", "w"));
    assertEquals(List.of("é.vé=1"), find("{\"é\":{\"vé\":1}}", "é.vé"));
  }

  public void testNotThere() {
    assertEquals(List.of(), find("{}", "v"));
    assertEquals(List.of(), find("{\"x\":{\"v\":1},\"w\":\"{\\\"v\\\":1}\"}", "v"));
    assertEquals(List.of(), find("{\"a\":\"v\",\"a\":[\"v\",\"]}\"]}", "a.v"));
    assertEquals("names with escapes are left alone", List.of(), find("{\"\\u0076\":1}", "v"));
  }

  public void testWhatIsNotPlainJsonIsLeftAlone() {
    for (String json :
        new String[] {
          "",
          "[]",
          "7",
          "filling gaps",
          "---\nv: 1",
          "{",
          "{\"v\"",
          "{\"v\":",
          "{\"v\":[1",
          "{\"v\":1",
          "{/* \"v\":1 */\"v\":1}",
          "{\"a\":/**/1,\"v\":1}",
          "{\"a\":NaN,\"v\":1}",
          "{v:1}",
          "{\"v\":}",
          "{\"v\":]}",
          "{\"v\":\"\\",
          "\u0000",
        }) {
      assertEquals(json, List.of(), find(json, "v"));
      assertEquals(json, without(json, "v"));
    }
    String deep = "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + ",\"v\":1}";
    assertEquals(List.of(), find(deep, "v", "a.v"));
    assertEquals("skipped, not descended into", List.of("v=1"), find(deep, "v"));
  }

  public void testWithout() {
    assertEquals("{\"a\":1}", without("{\"a\":1,\"v\":[1,2]}", "v"));
    assertEquals("{\"a\":1}", without("{\"v\":[1,2],\"a\":1}", "v"));
    assertEquals("{}", without("{\"v\":[1,2]}", "v"));
    assertEquals("{\"a\":1 }", without("{\"a\":1 , \"v\" : {\"x\":[]}, \"w\":2 }", "v", "w"));
    assertEquals("{ \"a\":1}", without("{\"v\":0,\"w\":0, \"a\":1}", "v", "w"));
    assertEquals("{}", without("{\"v\":0,\"w\":0}", "v", "w"));
    assertEquals("{\"a\":[{},{\"b\":2}]}", without("{\"a\":[{\"v\":1},{\"b\":2,\"v\":3}]}", "a.v"));
    String untouched = "{\"a\":1}";
    BytesRef bytes = bytes(untouched);
    assertSame(bytes, JsonMembers.without(bytes, Set.of("v")));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin;

import static org.hamcrest.Matchers.containsString;

import java.io.IOException;
import java.util.List;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.common.Strings;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.common.io.stream.Writeable;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.search.SearchModule;
import org.opensearch.search.rescore.RescorerBuilder;
import org.opensearch.test.AbstractWireSerializingTestCase;

/** Parses, writes, compares; by the registries of a node with the plugin. */
public class DiversifyRescorerBuilderTests
    extends AbstractWireSerializingTestCase<DiversifyRescorerBuilderTests.Wired> {

  private final SearchModule module =
      new SearchModule(Settings.EMPTY, List.of(new AffinityPlugin()));

  /** A rescorer as a search request sends it, by its name. */
  record Wired(RescorerBuilder<?> rescorer) implements Writeable {
    @Override
    public void writeTo(org.opensearch.core.common.io.stream.StreamOutput out) throws IOException {
      out.writeNamedWriteable(rescorer);
    }
  }

  @Override
  protected Wired createTestInstance() {
    Integer windowSize = randomBoolean() ? null : randomIntBetween(10, 1000);
    Integer window = randomBoolean() ? null : randomIntBetween(1, 10);
    return new Wired(rescorer("taste", randomDouble(), window, randomBoolean(), windowSize));
  }

  private static DiversifyRescorerBuilder rescorer(
      String field, double lambda, Integer window, boolean ignoreUnmapped, Integer windowSize) {
    DiversifyRescorerBuilder rescorer =
        new DiversifyRescorerBuilder(field, lambda, window, ignoreUnmapped);
    return windowSize == null ? rescorer : rescorer.windowSize(windowSize);
  }

  @Override
  protected Wired mutateInstance(Wired instance) {
    return new Wired(
        switch (randomInt(4)) {
          case 0 -> rescorer("other", 0.3, 7, true, 50);
          case 1 -> rescorer("taste", 2.0 / 3, 7, true, 50);
          case 2 -> rescorer("taste", 0.3, null, true, 5001);
          case 3 -> rescorer("taste", 0.3, 11, true, 50);
          default -> rescorer("taste", 0.3, 11, false, 5001);
        });
  }

  @Override
  protected Writeable.Reader<Wired> instanceReader() {
    return in -> new Wired(in.readNamedWriteable(RescorerBuilder.class));
  }

  @Override
  protected NamedWriteableRegistry getNamedWriteableRegistry() {
    return new NamedWriteableRegistry(module.getNamedWriteables());
  }

  @Override
  protected NamedXContentRegistry xContentRegistry() {
    return new NamedXContentRegistry(module.getNamedXContents());
  }

  public void testWhatItWritesParsesToItself() throws IOException {
    for (int i = 0; i < 20; i++) {
      RescorerBuilder<?> rescorer = createTestInstance().rescorer();
      assertEquals(rescorer, parse(Strings.toString(MediaTypeRegistry.JSON, rescorer)));
    }
    assertEquals(
        rescorer("taste", 0.7, 50, false, 100),
        parse("{\"window_size\": 100, \"diversify\": {\"field\": \"taste\", \"window\": 50}}"));
  }

  public void testEachOptionCounts() {
    RescorerBuilder<?> one = rescorer("taste", 0.5, 5, false, 50);
    assertEquals(one, rescorer("taste", 0.5, 5, false, 50));
    for (RescorerBuilder<?> other :
        List.of(
            rescorer("image", 0.5, 5, false, 50),
            rescorer("taste", 0.6, 5, false, 50),
            rescorer("taste", 0.5, 6, false, 50),
            rescorer("taste", 0.5, 5, true, 50),
            rescorer("taste", 0.5, 5, false, null))) {
      assertNotEquals(one, other);
    }
  }

  public void testBadOptionsAreRefusedInWords() throws IOException {
    assertRefused("{\"lambda\": 0.5}", "Required [field]");
    assertRefused("{\"field\": \"taste\", \"lamda\": 0.5}", "unknown field [lamda]");
    assertRefused(
        "{\"field\": \"taste\", \"lambda\": 1.5}", "from 0 (only unlikeness counts) to 1");
    assertRefused("{\"field\": \"taste\", \"lambda\": -0.1}", "got [-0.1]");
    assertRefused("{\"field\": \"taste\", \"lambda\": \"NaN\"}", "got [NaN]");
    assertRefused("{\"field\": \"taste\", \"window\": 0}", "[diversify.window] must be at least 1");
    assertUnfit(
        rescorer("taste", 0.5, 50, false, 20),
        "[diversify.window: 50] must not exceed [rescore.window_size: 20]");
    assertUnfit(rescorer("taste", 0.5, null, false, 0), "must be at least 1, got [0]");
    RescorerBuilder<?> windowOnly = rescorer("taste", 0.5, 50, false, null);
    assertSame(windowOnly, windowOnly.rewrite(null));
  }

  private void assertRefused(String options, String words) {
    Exception e = expectThrows(Exception.class, () -> parse("{\"diversify\": " + options + "}"));
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      messages.append(cause.getMessage()).append('\n');
    }
    assertThat(messages.toString(), containsString(words));
  }

  private static void assertUnfit(RescorerBuilder<?> rescorer, String words) {
    Exception e = expectThrows(IllegalArgumentException.class, () -> rescorer.rewrite(null));
    assertThat(e.getMessage(), containsString(words));
  }

  private RescorerBuilder<?> parse(String json) throws IOException {
    try (XContentParser parser = createParser(JsonXContent.jsonXContent, json)) {
      parser.nextToken();
      return RescorerBuilder.parseFromXContent(parser);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredPart;
import org.opensearch.OpenSearchParseException;
import org.opensearch.action.get.GetResponse;
import org.opensearch.common.CheckedBiConsumer;
import org.opensearch.common.time.DateFormatter;
import org.opensearch.common.time.DateFormatters;
import org.opensearch.common.xcontent.LoggingDeprecationHandler;
import org.opensearch.common.xcontent.XContentHelper;
import org.opensearch.core.common.bytes.BytesReference;
import org.opensearch.core.xcontent.MediaTypeRegistry;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.XContentParser;

/**
 * The list of events in a stored document: objects, or bare ids. Read token by token, so no more
 * than {@code max} events are ever held.
 *
 * @param routing may be null
 * @param path of the array, dotted
 * @param max events a list may have
 */
record StoredEvents(String index, String id, String routing, String path, EventNames names, int max)
    implements StoredPart<List<Event>> {

  private static final DateFormatter DATES =
      DateFormatter.forPattern("strict_date_optional_time||epoch_millis");

  /** Names the list, for messages. */
  String what() {
    return "history [" + path + "] of " + document();
  }

  @Override
  @SuppressWarnings("deprecation") // a get does not say in what form its source is
  public Fetched.Outcome<List<Event>> read(GetResponse response) {
    BytesReference source = response.getSourceAsBytesRef();
    if (source == null) {
      throw new IllegalArgumentException(
          document() + " has no [_source] to take field [" + path + "] from");
    }
    List<Event> events = new ArrayList<>();
    try (XContentParser parser =
        XContentHelper.createParser(
            NamedXContentRegistry.EMPTY,
            LoggingDeprecationHandler.INSTANCE,
            source,
            MediaTypeRegistry.xContentType(source))) {
      parser.nextToken();
      walk(parser, "", Set.of(path), (at, name) -> readList(at, events));
    } catch (IOException e) {
      throw new UncheckedIOException(document() + " cannot be read", e);
    }
    return events.isEmpty()
        ? new Fetched.Missing<>(document() + " has no events in field [" + path + "]")
        : new Fetched.Found<>(List.copyOf(events), what());
  }

  /**
   * Visits the values of dotted paths below the object, or the objects of the array, that the
   * parser stands on; leaves it at their end.
   */
  private static void walk(
      XContentParser parser,
      String prefix,
      Set<String> paths,
      CheckedBiConsumer<XContentParser, String, IOException> visitor)
      throws IOException {
    if (parser.currentToken() == XContentParser.Token.START_ARRAY) {
      while (parser.nextToken() != XContentParser.Token.END_ARRAY) {
        walk(parser, prefix, paths, visitor);
      }
      return;
    }
    if (parser.currentToken() != XContentParser.Token.START_OBJECT) {
      return;
    }
    while (parser.nextToken() != XContentParser.Token.END_OBJECT) {
      String name = prefix + parser.currentName();
      parser.nextToken();
      if (paths.contains(name)) {
        visitor.accept(parser, name);
      } else if (paths.stream().anyMatch(path -> path.startsWith(name + "."))) {
        walk(parser, name + ".", paths, visitor);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readList(XContentParser parser, List<Event> events) throws IOException {
    switch (parser.currentToken()) {
      case START_ARRAY -> {
        while (parser.nextToken() != XContentParser.Token.END_ARRAY) {
          readList(parser, events);
        }
      }
      case START_OBJECT -> {
        Map<String, String> members = new HashMap<>();
        walk(parser, "", names.all(), (at, name) -> readMember(at, name, members));
        add(
            events,
            new Event(
                named(members.get(names.item())),
                members.get(names.action()),
                millis(members.get(names.time()))));
      }
      case VALUE_STRING, VALUE_NUMBER -> add(events, new Event(named(parser.text()), null, null));
      case VALUE_NULL -> {}
      default ->
          throw new IllegalArgumentException(
              "field ["
                  + path
                  + "] of "
                  + document()
                  + " holds ["
                  + parser.currentToken()
                  + "]; [history.path] must name a list of events or ids");
    }
  }

  /** No document has an empty id: an event of it has no item. */
  private static String named(String item) {
    return item == null || item.isEmpty() ? null : item;
  }

  private void add(List<Event> events, Event event) {
    if (events.size() == max) {
      throw new IllegalArgumentException(
          what()
              + " has more than ["
              + max
              + "] events; keep fewer in the document, or raise ["
              + ReferenceLimits.MAX_EVENTS.getKey()
              + "]");
    }
    events.add(event);
  }

  private static void readMember(XContentParser parser, String name, Map<String, String> members)
      throws IOException {
    if (parser.currentToken().isValue()
        && parser.currentToken() != XContentParser.Token.VALUE_NULL) {
      members.put(name, parser.text());
    } else {
      parser.skipChildren();
    }
  }

  private static Long millis(String time) {
    if (time == null) {
      return null;
    }
    try {
      return DateFormatters.from(DATES.parse(time), Locale.ROOT, ZoneOffset.UTC)
          .toInstant()
          .toEpochMilli();
    } catch (IllegalArgumentException
        | DateTimeException
        | ArithmeticException
        | OpenSearchParseException e) {
      return null;
    }
  }
}
